from __future__ import annotations

import pytest
import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.resources.shop import DAY, moment

MODES = ("flexible", "classic")
PERIOD = 31 * DAY


def invoice_items(shop):
    """What was asked for or given back so far, newest first."""
    found = shop.world.find("invoiceitem")
    return [stripe.InvoiceItem.construct_from(item, "sk_test") for item in found]


def billed(shop, subscription, mode="create_prorations", **change):
    """The new invoice items of a change to a subscription's only item."""
    known = {item.id for item in invoice_items(shop)}
    item = shop.subscription(subscription)["items"].data[0].id
    order = {"items": [{"id": item, **change}], "proration_behavior": mode}
    shop.api.subscriptions.update(subscription, order)
    return [item for item in invoice_items(shop) if item.id not in known]


def test_flexible_billing_gives_back_what_was_charged(api, shop):
    subscription = shop.subscribe(
        items=[{"price": shop.price(3100)}], billing_mode={"type": "flexible"}
    )
    shop.wait(days=1)
    billed(shop, subscription.id, "none", price=shop.price(6200, "Platinum"))

    credit, debit = billed(shop, subscription.id, price=shop.price(9300, "Titan"))

    assert (credit.amount, debit.amount) == (-3000, 9000)


def test_classic_billing_gives_back_by_the_price_of_today(shop):
    subscription = shop.subscribe(
        items=[{"price": shop.price(3100)}], billing_mode={"type": "classic"}
    )
    shop.wait(days=1)
    billed(shop, subscription.id, "none", price=shop.price(6200, "Platinum"))

    credit, _ = billed(shop, subscription.id, price=shop.price(9300, "Titan"))

    assert credit.amount == -6000


def test_a_credit_names_what_it_gives_back(shop):
    subscription = shop.subscribe()
    shop.wait(days=1)

    first, debit = billed(shop, subscription.id, quantity=2)
    second, _ = billed(shop, subscription.id, quantity=3)

    invoice = shop.invoices()[0]
    details = first.proration_details.credited_items.invoice_line_item_details
    assert details.invoice == invoice.id
    assert details.invoice_line_items == [invoice.lines.data[0].id]
    assert second.proration_details.credited_items.invoice_item == debit.id


def test_nothing_is_given_back_of_a_voided_bill(api, shop):
    subscription = shop.subscribe(collection_method="send_invoice", days_until_due=30)
    draft = shop.invoices()[0]
    api.invoices.finalize_invoice(draft.id)
    api.invoices.void_invoice(draft.id)

    credit, _ = billed(shop, subscription.id, quantity=2)

    assert credit.amount == 0


def test_an_item_added_without_charge_is_given_up_without_credit(api, shop):
    subscription = shop.subscribe()
    extra = api.subscription_items
    api.subscriptions.update(
        subscription.id,
        {
            "items": [{"price": shop.price(500, "Extra")}],
            "proration_behavior": "none",
        },
    )
    added = shop.subscription(subscription.id)["items"].data[1]

    extra.delete(added.id)

    assert [item.amount for item in invoice_items(shop)] == [0]


@pytest.mark.parametrize("mode", MODES)
@given(
    steps=st.lists(
        st.tuples(
            st.integers(1, PERIOD - 1),
            st.integers(0, 9999),
            st.integers(1, 9),
        ),
        min_size=1,
        max_size=5,
    )
)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_month_costs_what_its_days_cost(shop, mode, steps):
    start = shop.world.now
    subscription = shop.subscribe(billing_mode={"type": mode})
    end = subscription["items"].data[0].current_period_end
    steps = sorted((at, amount or 1, many) for at, amount, many in steps)
    exact, since, rate, charged, drawn = 0, start, 1200, 1200, 1
    for at, amount, many in steps:
        moment_ = start + at * (end - start) // PERIOD
        shop.travel(max(moment_, shop.world.now))
        price = shop.price(amount, "Other")
        items = billed(shop, subscription.id, price=price, quantity=many)
        charged += sum(item.amount for item in items)
        drawn += len(items)
        exact += rate * (shop.world.now - since)
        since, rate = shop.world.now, amount * many
    exact += rate * (end - since)

    assert abs(charged * (end - start) - exact) <= drawn * (end - start)


def test_an_earlier_end_is_credited_and_a_later_one_charged_again(api, shop):
    subscription = shop.subscribe(items=[{"price": shop.price(3100)}])
    shop.wait(days=1)

    api.subscriptions.update(subscription.id, {"cancel_at": moment(2026, 3, 11)})
    early = shop.subscription(subscription.id)["items"].data[0]
    api.subscriptions.update(subscription.id, {"cancel_at": ""})
    late = shop.subscription(subscription.id)["items"].data[0]

    assert early.current_period_end == moment(2026, 3, 11)
    assert late.current_period_end == moment(2026, 4, 1)
    assert [item.amount for item in invoice_items(shop)] == [2100, -2100]


@pytest.mark.parametrize(
    ("mode", "anchor"),
    [("classic", moment(2026, 3, 2)), ("flexible", moment(2026, 3, 1))],
)
def test_only_classic_billing_begins_anew_with_another_interval(shop, mode, anchor):
    subscription = shop.subscribe(billing_mode={"type": mode})
    shop.wait(days=1)
    yearly = shop.price(12000, recurring={"interval": "year"})

    billed(shop, subscription.id, price=yearly)

    changed = shop.subscription(subscription.id)
    assert changed.billing_cycle_anchor == anchor
    if mode == "classic":
        assert shop.invoices()[0].subtotal == 12000 - 1161


def test_classic_billing_begins_anew_when_free_becomes_paid(shop):
    subscription = shop.subscribe(
        items=[{"price": shop.price(0, "Free")}], billing_mode={"type": "classic"}
    )
    shop.wait(days=10)

    billed(shop, subscription.id, price=shop.price(1200))

    changed = shop.subscription(subscription.id)
    assert changed.billing_cycle_anchor == moment(2026, 3, 11)
    assert shop.invoices()[0].amount_paid == 1200
