from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import moment


@pytest.fixture
def running(shop):
    """A subscription over 31 euros a month, ten days into a month of 31."""
    subscription = shop.subscribe(items=[{"price": shop.price(3100)}])
    shop.travel(moment(2026, 3, 11))
    return subscription


def change(shop, running, amount, **details):
    item = running["items"].data[0].id
    return {"items": [{"id": item, "price": shop.price(amount, "New")}], **details}


def preview(api, running, **details):
    return api.invoices.create_preview(
        {"subscription": running.id, "subscription_details": details}
    )


def test_the_next_invoice_is_the_renewal(api, running):
    upcoming = preview(api, running)

    assert upcoming.id.startswith("upcoming_in_")
    assert (upcoming.total, upcoming.created) == (3100, moment(2026, 4, 1))
    assert upcoming.lines.data[0].period.start == moment(2026, 4, 1)


def test_a_preview_of_an_upgrade_is_what_it_then_costs(api, shop, running):
    wish = change(shop, running, 6200, proration_behavior="always_invoice")

    promised = preview(api, running, **wish)
    api.subscriptions.update(running.id, wish)

    assert promised.amount_due == shop.invoices()[0].amount_paid == 2100


def test_prorations_wait_for_the_renewal(api, shop, running):
    promised = preview(api, running, **change(shop, running, 6200))

    amounts = [line.amount for line in promised.lines.data]
    assert amounts == [-2100, 4200, 6200]
    assert promised.total == 8300


def test_looking_changes_nothing(api, shop, running):
    before = api.subscriptions.retrieve(running.id).to_dict(for_json=True)
    events = shop.events("subscription")

    preview(api, running, cancel_now=True)
    preview(api, running, **change(shop, running, 100))

    assert api.subscriptions.retrieve(running.id).to_dict(for_json=True) == before
    assert shop.events("subscription") == events
    assert len(shop.invoices()) == 1


def test_cancelling_now_would_give_back_what_is_left(api, running):
    assert preview(api, running, cancel_now=True).total == -2100


def test_the_first_invoice_of_a_new_subscription_can_be_seen(api, shop):
    promised = api.invoices.create_preview(
        {
            "customer": shop.customer(),
            "subscription_details": {"items": [{"price": shop.price()}]},
        }
    )

    assert promised.amount_due == 1200
    assert api.subscriptions.list().data == []


def test_nothing_follows_a_subscription_that_ends(api, running):
    with pytest.raises(stripe.InvalidRequestError) as nothing:
        preview(api, running, cancel_at_period_end=True)

    assert nothing.value.code == "invoice_upcoming_none"
    assert nothing.value.http_status == 404
