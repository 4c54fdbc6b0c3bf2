"""Subscriptions, their items and schedules, and the bills that follow."""

from __future__ import annotations

import time

import stripe

from tests.sandbox.tour.steps import a_customer, a_price, a_subscription, ids

MONTH = {"interval": "month", "interval_count": 1}


def subscriptions(v1: stripe.V1Services) -> None:
    subscription = a_subscription(v1, metadata={"tour": "subscription"})
    item = subscription["items"].data[0].id
    dearer = a_price(v1, 2400)
    v1.subscriptions.update(
        subscription.id,
        {
            "items": [{"id": item, "price": dearer}],
            "proration_behavior": "always_invoice",
        },
    )
    again = v1.subscriptions.retrieve(
        subscription.id, {"expand": ["latest_invoice.payments"]}
    )
    assert again["items"].data[0].price.id == dearer
    assert ids(v1.subscriptions.list({"price": dearer})) == [subscription.id]
    found = v1.subscriptions.search({"query": "metadata['tour']:'subscription'"})
    assert ids(found) == [subscription.id]
    coupon = v1.coupons.create({"percent_off": 10, "duration": "forever"}).id
    v1.subscriptions.update(subscription.id, {"discounts": [{"coupon": coupon}]})
    assert v1.subscriptions.delete_discount(subscription.id).deleted
    paused = v1.subscriptions.pause(
        subscription.id,
        {
            "type": "subscription",
            "invoicing_behavior": "pending_invoice_item",
            "bill_for": {
                "unused_time_from": {"type": "now"},
                "outstanding_usage_through": {"type": "none"},
            },
        },
    )
    assert paused.status == "paused"
    resumed = v1.subscriptions.resume(
        subscription.id, {"payment_behavior": "resume_on_payment_success"}
    )
    assert resumed.status == "active"
    left = v1.subscriptions.cancel(subscription.id, {"prorate": True})
    assert left.status == "canceled"
    classic = a_subscription(v1, billing_mode={"type": "classic"})
    moved = v1.subscriptions.migrate(classic.id, {"billing_mode": {"type": "flexible"}})
    assert moved.billing_mode.type == "flexible"


def subscription_items(v1: stripe.V1Services) -> None:
    subscription = a_subscription(v1).id
    item = v1.subscription_items.create(
        {"subscription": subscription, "price": a_price(v1, 300), "quantity": 2}
    )
    v1.subscription_items.update(item.id, {"quantity": 3})
    assert v1.subscription_items.retrieve(item.id).quantity == 3
    found = ids(v1.subscription_items.list({"subscription": subscription}))
    assert len(found) == 2
    assert v1.subscription_items.delete(item.id).deleted


def schedules(v1: stripe.V1Services) -> None:
    subscription = a_subscription(v1)
    schedule = v1.subscription_schedules.create({"from_subscription": subscription.id})
    now = schedule.phases[0]
    later = {"items": [{"price": a_price(v1, 600)}], "duration": MONTH}
    v1.subscription_schedules.update(
        schedule.id,
        {
            "end_behavior": "release",
            "phases": [
                {
                    "start_date": now.start_date,
                    "end_date": now.end_date,
                    "items": [{"price": str(now["items"][0].price)}],
                },
                later,
            ],
        },
    )
    assert len(v1.subscription_schedules.retrieve(schedule.id).phases) == 2
    assert schedule.id in ids(v1.subscription_schedules.list())
    released = v1.subscription_schedules.release(schedule.id)
    assert released.status == "released"
    in_a_week = {"type": "timestamp", "timestamp": int(time.time()) + 7 * 86_400}
    planned = v1.subscription_schedules.create(
        {
            "customer": a_customer(v1),
            "start_date": int(time.time()) + 86_400,
            "phases": [later],
            "pause_schedules": [{"key": "rest", "pause": {"pause_at": in_a_week}}],
        }
    )
    changed = v1.subscription_schedules.update(planned.id, {"pause_schedules": ""})
    assert changed.pause_schedules == []
    canceled = v1.subscription_schedules.cancel(planned.id)
    assert canceled.status == "canceled"


def invoices(v1: stripe.V1Services) -> None:
    customer = a_customer(v1)
    invoice = v1.invoices.create(
        {"customer": customer, "currency": "eur", "metadata": {"tour": "invoice"}}
    )
    v1.invoices.update(invoice.id, {"description": "By hand"})
    lines = [{"amount": 800, "description": "A visit"}, {"amount": 200}]
    v1.invoices.add_lines(invoice.id, {"lines": lines})
    first, second = ids(v1.invoices.line_items.list(invoice.id))
    v1.invoices.update_lines(invoice.id, {"lines": [{"id": first, "amount": 500}]})
    v1.invoices.line_items.update(invoice.id, first, {"description": "A long visit"})
    v1.invoices.remove_lines(
        invoice.id, {"lines": [{"id": second, "behavior": "delete"}]}
    )
    v1.invoices.finalize_invoice(invoice.id)
    assert v1.invoices.pay(invoice.id).status == "paid"
    assert v1.invoices.retrieve(invoice.id).number
    assert ids(v1.invoices.list({"customer": customer})) == [invoice.id]
    found = v1.invoices.search({"query": "metadata['tour']:'invoice'"})
    assert ids(found) == [invoice.id]


def invoices_otherwise(v1: stripe.V1Services) -> None:
    customer = a_customer(v1)
    sent = _bill(v1, customer, collection_method="send_invoice", days_until_due=7)
    v1.invoices.send_invoice(sent)
    assert v1.invoices.void_invoice(sent).status == "void"
    given_up = _bill(v1, customer, auto_advance=False)
    v1.invoices.finalize_invoice(given_up)
    assert v1.invoices.mark_uncollectible(given_up).status == "uncollectible"
    dropped = _bill(v1, customer)
    assert v1.invoices.delete(dropped).deleted
    elsewhere = _bill(v1, customer, auto_advance=False)
    v1.invoices.finalize_invoice(elsewhere)
    wish = v1.payment_intents.create(
        {"amount": 1000, "currency": "eur", "customer": customer}
    )
    v1.invoices.attach_payment(elsewhere, {"payment_intent": wish.id})


def previews(v1: stripe.V1Services) -> None:
    subscription = a_subscription(v1)
    customer = str(subscription.customer)
    item = subscription["items"].data[0].id
    preview = v1.invoices.create_preview(
        {
            "customer": customer,
            "subscription": subscription.id,
            "subscription_details": {
                "items": [{"id": item, "price": a_price(v1, 3000)}],
                "proration_behavior": "always_invoice",
                "billing_cycle_anchor": {"type": "unchanged"},
            },
        }
    )
    assert preview.amount_due == 1800
    stranger = v1.invoices.create_preview(
        {
            "customer_details": {"address": {"country": "DE"}},
            "subscription_details": {"items": [{"price": a_price(v1, 3000)}]},
        }
    )
    assert stranger.total == 3000


def invoice_items(v1: stripe.V1Services) -> None:
    customer = a_customer(v1)
    item = v1.invoice_items.create(
        {"customer": customer, "amount": 300, "currency": "eur"}
    )
    v1.invoice_items.update(item.id, {"description": "Postage"})
    assert v1.invoice_items.retrieve(item.id).description == "Postage"
    pending = v1.invoice_items.list({"customer": customer, "pending": True})
    assert ids(pending) == [item.id]
    assert v1.invoice_items.delete(item.id).deleted


def credit_notes(v1: stripe.V1Services) -> None:
    customer = a_customer(v1)
    invoice = _bill(v1, customer)
    v1.invoices.finalize_invoice(invoice)
    order = {"invoice": invoice, "amount": 400}
    assert v1.credit_notes.preview(order).total == 400
    assert v1.credit_notes.preview_lines.list(order).data
    note = v1.credit_notes.create(order)
    v1.credit_notes.update(note.id, {"memo": "One loaf was flat"})
    assert v1.credit_notes.retrieve(note.id).memo
    assert ids(v1.credit_notes.list({"invoice": invoice})) == [note.id]
    assert v1.credit_notes.line_items.list(note.id).data
    assert v1.credit_notes.void_credit_note(note.id).status == "void"


def _bill(v1: stripe.V1Services, customer: str, **params: object) -> str:
    invoice = v1.invoices.create({"customer": customer, "currency": "eur", **params})
    v1.invoice_items.create(
        {
            "customer": customer,
            "invoice": invoice.id,
            "amount": 1000,
            "currency": "eur",
        }
    )
    return invoice.id
