"""What pausing and resuming would invoice is what they then do."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.resources.shop import Shop, moment

NONE, NOW = {"type": "none"}, {"type": "now"}
PERIOD = {"type": "item_current_period_start"}
INVOICE = {"invoicing_behavior": "invoice"}


@pytest.fixture
def running(shop: Shop) -> str:
    """A subscription over 31 euros a month, ten days into a month of 31."""
    subscription = shop.subscribe(items=[{"price": shop.price(3100)}])
    shop.travel(moment(2026, 3, 11))
    return subscription.id


@pytest.fixture
def resting(shop: Shop, running: str) -> str:
    """The same, paused for five days, with 21 euros to be given back."""
    shop.api.subscriptions.pause(running)
    shop.wait(days=5)
    return running


def preview(shop: Shop, subscription: str, **details: Any) -> stripe.Invoice:
    order: Any = {"subscription": subscription, "subscription_details": details}
    return shop.api.invoices.create_preview(order)


def gist(invoice: stripe.Invoice) -> Any:
    lines = [(line.amount, line.description) for line in invoice.lines.data]
    return invoice.total, invoice.amount_due, lines


def refused(shop: Shop, subscription: str, **details: Any) -> stripe.StripeError:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        preview(shop, subscription, **details)
    return refusal.value


@pytest.mark.parametrize(
    ("bill_for", "total"), [({}, -2100), ({"unused_time_from": PERIOD}, -3100)]
)
def test_a_pause_invoices_what_was_promised(
    shop: Shop, running: str, bill_for: dict[str, Any], total: int
) -> None:
    order: Any = {**INVOICE, "bill_for": bill_for}

    promised = preview(shop, running, pause=order)
    shop.api.subscriptions.pause(running, order)

    assert promised.total == total
    assert gist(promised) == gist(shop.invoices()[0])
    assert shop.invoices()[0].billing_reason == "subscription_update"


@pytest.mark.parametrize(("through", "total"), [(NOW, 250), (NONE, None)])
def test_a_pause_invoices_what_was_used(
    shop: Shop, through: dict[str, str], total: int | None
) -> None:
    meter = shop.api.billing.meters.create(
        {
            "default_aggregation": {"formula": "sum"},
            "display_name": "Calls",
            "event_name": "calls",
        }
    )
    rhythm = {"interval": "month", "usage_type": "metered", "meter": meter.id}
    begun = shop.subscribe(items=[{"price": shop.price(50, "Calls", recurring=rhythm)}])
    payload = {"stripe_customer_id": str(begun.customer), "value": "5"}
    shop.wait(days=3)
    shop.api.billing.meter_events.create({"event_name": "calls", "payload": payload})
    shop.wait(days=3)
    order: Any = {**INVOICE, "bill_for": {"outstanding_usage_through": through}}

    if total is None:
        assert refused(shop, begun.id, pause=order).code == "invoice_upcoming_none"
        return
    promised = preview(shop, begun.id, pause=order)
    shop.api.subscriptions.pause(begun.id, order)

    assert promised.total == total
    assert gist(promised) == gist(shop.invoices()[0])


def test_what_waits_already_is_not_billed_by_a_pause(shop: Shop, running: str) -> None:
    customer = str(shop.subscription(running).customer)
    fee: Any = {"amount": 700, "currency": "eur", "subscription": running}
    shop.api.invoice_items.create({**fee, "customer": customer})

    promised = preview(shop, running, pause=INVOICE)
    shop.api.subscriptions.pause(running, INVOICE)  # type: ignore[arg-type]

    assert gist(promised) == gist(shop.invoices()[0])


@pytest.mark.parametrize(
    "pause",
    [
        {"invoicing_behavior": "pending_invoice_item"},
        {"type": "subscription"},
        {**INVOICE, "bill_for": {"unused_time_from": NONE}},
    ],
)
def test_a_pause_that_bills_nothing_has_no_preview(
    shop: Shop, running: str, pause: dict[str, Any]
) -> None:
    nothing = refused(shop, running, pause=pause)

    assert (nothing.code, nothing.http_status) == ("invoice_upcoming_none", 404)


def test_what_cannot_be_paused_or_resumed_is_refused_like_the_call(
    shop: Shop, running: str
) -> None:
    classic = shop.subscribe(billing_mode={"type": "classic"}).id

    for subscription, details in (
        (classic, {"pause": INVOICE}),
        (running, {"resume_at": "now"}),
        (running, {"pause": INVOICE, "resume_at": "now"}),
        (running, {"pause": INVOICE, "cancel_at_period_end": True}),
    ):
        assert refused(shop, subscription, **details).http_status == 400


def test_looking_pauses_and_resumes_nothing(shop: Shop, running: str) -> None:
    before = shop.subscription(running).to_dict(for_json=True)

    preview(shop, running, pause=INVOICE)

    assert shop.subscription(running).to_dict(for_json=True) == before
    assert shop.api.invoice_items.list({"pending": True}).data == []


def test_resuming_charges_what_was_promised(shop: Shop, resting: str) -> None:
    order: Any = {"payment_behavior": "resume_on_payment_success"}

    promised = preview(shop, resting, resume_at="now")
    resumed = shop.api.subscriptions.resume(resting, order)

    assert resumed.status == "active"
    assert promised.amount_due == shop.invoices()[0].amount_paid == 1000
    assert gist(promised) == gist(shop.invoices()[0])


def test_resuming_in_the_old_rhythm_charges_what_was_promised(
    shop: Shop, resting: str
) -> None:
    order: Any = {
        "billing_cycle_anchor": {"type": "unchanged"},
        "proration_behavior": "always_invoice",
    }

    promised = preview(shop, resting, resume_at="now", **order)
    shop.api.subscriptions.resume(resting, order)

    assert promised.total == 1600
    assert gist(promised) == gist(shop.invoices()[0])


def test_resuming_without_an_invoice_has_no_preview(shop: Shop, resting: str) -> None:
    kept = {"billing_cycle_anchor": {"type": "unchanged"}}

    nothing = refused(shop, resting, resume_at="now", **kept)

    assert (nothing.code, nothing.http_status) == ("invoice_upcoming_none", 404)


def test_a_resumption_that_waits_for_its_payment_has_no_other_preview(
    shop: Shop, resting: str
) -> None:
    shop.api.subscriptions.resume(resting)

    assert "as soon as its invoice" in str(refused(shop, resting, resume_at="now"))


def test_nothing_is_upcoming_while_a_subscription_rests(
    shop: Shop, resting: str
) -> None:
    customer = str(shop.subscription(resting).customer)

    assert refused(shop, resting).code == "invoice_upcoming_none"
    with pytest.raises(stripe.InvalidRequestError, match="No upcoming invoices"):
        shop.api.invoices.create_preview({"customer": customer})


def test_what_recurs_after_a_pause_and_a_resumption(shop: Shop, resting: str) -> None:
    order: Any = {
        "preview_mode": "recurring",
        "subscription": resting,
        "subscription_details": {"resume_at": "now"},
    }
    assert shop.api.invoices.create_preview(order).total == 3100

    order["subscription_details"] = {"pause": INVOICE}
    with pytest.raises(stripe.InvalidRequestError, match="No upcoming invoices"):
        shop.api.invoices.create_preview(order)
