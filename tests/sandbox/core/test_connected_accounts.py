from __future__ import annotations

import json

import pytest
import stripe

from wagtail_billing_portal.sandbox import delivery
from wagtail_billing_portal.sandbox.transport import SandboxTransport
from wagtail_billing_portal.sandbox.world import account_for_key, open_world

KEY = "sk_test_sandbox_platform"


@pytest.fixture
def platform(db):
    return stripe.StripeClient(KEY, http_client=SandboxTransport()).v1


@pytest.fixture
def shop(platform):
    return platform.accounts.create({"country": "GB", "type": "standard"}).id


def test_what_is_made_for_a_connected_account_is_its_own(platform, shop):
    there = {"stripe_account": shop}

    loaf = platform.products.create({"name": "Loaf"}, there)

    assert [it.id for it in platform.products.list({}, there)] == [loaf.id]
    assert platform.products.list().data == []
    with pytest.raises(stripe.InvalidRequestError, match="No such product"):
        platform.products.retrieve(loaf.id)


def test_nobody_else_can_act_for_it(platform, shop):
    stranger = stripe.StripeClient(
        "sk_test_sandbox_stranger", http_client=SandboxTransport()
    ).v1

    for account in (shop, "acct_unknown"):
        with pytest.raises(stripe.PermissionError) as refusal:
            stranger.products.list({}, {"stripe_account": account})
        assert refusal.value.error.code == "account_invalid"


def test_an_account_let_go_cannot_be_acted_for(platform, shop):
    platform.accounts.delete(shop)

    with pytest.raises(stripe.PermissionError):
        platform.products.list({}, {"stripe_account": shop})


def test_its_events_go_to_the_platforms_connect_endpoint_and_name_it(platform, shop):
    order = {"url": "https://platform.test/", "enabled_events": ["product.created"]}
    platform.webhook_endpoints.create(order)
    connected = platform.webhook_endpoints.create({**order, "connect": True})

    platform.products.create({"name": "Loaf"}, {"stripe_account": shop})
    platform.products.create({"name": "Own"})

    with open_world(shop) as world:
        [waiting] = delivery.pending(world)
    assert waiting.data["endpoint"] == connected.id
    assert json.loads(waiting.data["body"])["account"] == shop
    with open_world(account_for_key(KEY)) as world:
        [own] = delivery.pending(world)
    assert own.data["endpoint"] != connected.id
    assert "account" not in json.loads(own.data["body"])


def test_an_account_tells_itself_what_its_platform_wrote_down(platform, shop):
    platform.accounts.update(shop, {"email": "shop@example.com"})
    there = {"stripe_account": shop}

    [called, named] = [
        platform.accounts.retrieve_current({}, there),
        platform.accounts.retrieve(shop, {}, there),
    ]

    assert called.email == named.email == "shop@example.com"
    assert called.country == "GB"
    assert platform.accounts.retrieve_current().email is None


def test_nothing_is_told_to_the_platform_of_an_account_let_go(platform, shop):
    platform.webhook_endpoints.create(
        {"url": "https://p.test/", "enabled_events": ["*"], "connect": True}
    )
    loaf = platform.products.create({"name": "Loaf"}, {"stripe_account": shop}).id
    platform.accounts.delete(shop)

    with open_world(shop) as world:
        assert len(delivery.pending(world)) == 1
        event = world.emit("product.updated", world.get("product", loaf))

    assert event["pending_webhooks"] == 0
