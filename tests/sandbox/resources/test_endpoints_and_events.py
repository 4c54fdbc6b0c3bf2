from __future__ import annotations

import pytest
import stripe

from wagtail_billing_portal.sandbox.contract import complaints
from wagtail_billing_portal.sandbox.contract.resources import resource

URL = "https://shop.test/webhooks/"


def test_only_the_creation_shows_the_secret(api):
    made = api.webhook_endpoints.create({"url": URL, "enabled_events": ["*"]})

    stored = api.webhook_endpoints.retrieve(made.id)

    assert made.secret.startswith("whsec_")
    assert "secret" not in stored
    assert (stored.status, stored.url) == ("enabled", URL)


def test_a_secret_can_be_pinned_and_is_never_shown_as_metadata(api):
    made = api.webhook_endpoints.create(
        {
            "url": URL,
            "enabled_events": ["*"],
            "metadata": {"sandbox_secret": "whsec_fixed", "team": "web"},
        }
    )

    stored = api.webhook_endpoints.retrieve(made.id)

    assert made.secret == "whsec_fixed"
    assert stored.metadata.to_dict() == {"team": "web"}


def test_an_endpoint_can_be_changed_switched_off_and_deleted(api):
    endpoint = api.webhook_endpoints.create({"url": URL, "enabled_events": ["*"]})

    changed = api.webhook_endpoints.update(
        endpoint.id, {"disabled": True, "enabled_events": ["invoice.paid"]}
    )
    api.webhook_endpoints.delete(endpoint.id)

    assert (changed.status, changed.enabled_events) == ("disabled", ["invoice.paid"])
    assert api.webhook_endpoints.list().data == []


def test_an_endpoint_needs_a_whole_address(api):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.webhook_endpoints.create({"url": "shop.test", "enabled_events": ["*"]})

    assert refused.value.code == "url_invalid"


def test_events_are_listed_by_type(api, shop):
    shop.subscribe()

    paid = api.events.list({"type": "invoice.paid"}).data
    two = api.events.list({"types": ["invoice.paid", "invoice.created"]}).data

    assert [event.type for event in paid] == ["invoice.paid"]
    assert {event.type for event in two} == {"invoice.paid", "invoice.created"}
    assert api.events.retrieve(paid[0].id).data.object.status == "paid"


def test_an_event_knows_the_request_that_caused_it(api, shop):
    api.customers.create({"name": "Ada"}, {"idempotency_key": "abc"})

    event = shop.last_event("customer.created")

    assert event.request.idempotency_key == "abc"
    assert event.request.id.startswith("req_")


@pytest.mark.parametrize("story", ["pays", "fails", "leaves", "checks out"])
def test_the_last_event_about_an_object_shows_it_as_it_is(api, shop, story):
    tell(api, shop, story)

    events = api.events.list({"limit": 100}).auto_paging_iter()
    latest: dict[str, stripe.Event] = {}
    for event in events:
        if event.type != "invoice.upcoming":  # about what cannot be retrieved
            latest.setdefault(event.data.object["id"], event)

    kinds = {
        "customer": api.customers,
        "subscription": api.subscriptions,
        "invoice": api.invoices,
        "payment_method": api.payment_methods,
        "payment_intent": api.payment_intents,
        "checkout.session": api.checkout.sessions,
        "product": api.products,
        "price": api.prices,
    }
    for object_id, event in latest.items():
        if service := kinds.get(event.data.object["object"]):
            served = service.retrieve(object_id).to_dict(for_json=True)
            assert event.data.object.to_dict(for_json=True) == served, event.type


@pytest.mark.parametrize("story", ["pays", "fails", "leaves", "checks out", "changes"])
def test_what_events_carry_is_what_stripe_would_send(api, shop, story):
    tell(api, shop, story)

    for event in api.events.list({"limit": 100}).auto_paging_iter():
        carried = event.data.object.to_dict(for_json=True)
        assert complaints(carried, resource(carried["object"])) == [], event.type


def tell(api, shop, story):
    if story == "checks out":
        shop.pay(shop.session())
        shop.wait(days=31, hours=1)
        return
    card = "pm_card_chargeCustomerFail" if story == "fails" else "pm_card_visa"
    trial = {"trial_period_days": 3} if story == "fails" else {}
    subscription = shop.subscribe(card, **trial)
    shop.wait(days=31, hours=3)
    if story == "changes":
        item = subscription["items"].data[0].id
        api.subscriptions.update(
            subscription.id, {"items": [{"id": item, "quantity": 2}]}
        )
        shop.wait(days=31)
    if story == "leaves":
        api.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
        shop.wait(days=31)
    if story == "fails":
        shop.wait(days=20)


def test_an_account_knows_itself(api):
    account = api.accounts.retrieve_current()

    assert account.id.startswith("acct_")
    assert account.charges_enabled is True


def test_events_that_nobody_received_can_be_listed(api, shop):
    api.customers.create({"name": "Ada"})
    api.webhook_endpoints.create({"url": URL, "enabled_events": ["*"]})
    api.customers.create({"name": "Bob"})

    def names(*, delivered: bool) -> list[str]:
        found = api.events.list({"delivery_success": delivered}).data
        return [event.data.object.name for event in found]

    assert names(delivered=False) == ["Bob"]
    assert names(delivered=True) == ["Ada"]
