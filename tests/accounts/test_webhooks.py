"""Each address takes the events of its own account, and keeps the others out."""

from __future__ import annotations

import json

import pytest

from tests.accounts.conftest import Shop
from wagtail_billing_portal.models import Customer, EventStatus, StripeEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer_there(shops) -> str:
    return shops[1].side.client.v1.customers.create({"name": "Ada"}).id


def brought_to(shop: Shop, event: dict[str, object], **how: str) -> int:
    """Deliver an event to the address of a shop; returns the HTTP status."""
    return shop.side.post(json.dumps(event), **how)


def test_the_others_secret_is_refused(shops, customer_there):
    here, there = shops
    [event] = there.side.events("customer.created")

    status = brought_to(here, event, secret=there.side.account.webhook_secrets[0])

    assert status == 400
    assert not StripeEvent.objects.exists()


@pytest.mark.parametrize("is_stray_first", [True, False])
@pytest.mark.parametrize("aliases", ["connected"], indirect=True)
def test_a_platform_tells_every_address_and_only_one_listens(
    shops, customer_there, is_stray_first
):
    here, there = shops
    [event] = there.side.events("customer.created")
    order = [here, there] if is_stray_first else [there, here]

    statuses = [brought_to(shop, event) for shop in order * 2]

    kept = {it.stripe_account: it for it in StripeEvent.objects.all()}
    assert statuses == [200] * 4
    assert kept[there.alias].status == EventStatus.PROCESSED
    assert kept[here.alias].status == EventStatus.IGNORED
    assert "another connected account" in kept[here.alias].error
    assert Customer.objects.get().stripe_account == there.alias


def test_an_event_of_live_mode_is_kept_and_not_applied(shops, customer_there):
    there = shops[1]
    [event] = there.side.events("customer.created")

    status = brought_to(there, {**event, "livemode": True})

    kept = StripeEvent.objects.get()
    assert (status, kept.status) == (200, EventStatus.IGNORED)
    assert "other mode" in kept.error
    assert not Customer.objects.exists()


def test_after_the_stray_of_the_other_mode_its_own_is_taken(shops, customer_there):
    there = shops[1]
    [event] = there.side.events("customer.created")
    brought_to(there, {**event, "livemode": True})

    brought_to(there, event)

    assert Customer.objects.get().pk == customer_there


def test_what_comes_at_once_from_both_is_told_apart(shops):
    for shop in shops:
        shop.side.client.v1.customers.create({"email": "ada@example.com"})
    for shop in shops:
        shop.side.deliver_all()

    owners = Customer.objects.order_by("stripe_account").values_list(
        "stripe_account", "email"
    )
    assert list(owners) == [(it.alias, "ada@example.com") for it in shops]
