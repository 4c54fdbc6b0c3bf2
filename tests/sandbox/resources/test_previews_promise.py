"""What a preview promises is what is charged."""

from __future__ import annotations

import pytest
import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.resources.shop import moment

CHANGE = {
    "amount": st.sampled_from([0, 999, 3100, 7777]),
    "quantity": st.integers(1, 5),
    "mode": st.sampled_from(["classic", "flexible"]),
    "off": st.booleans(),
    "taxed": st.booleans(),
}


def a_change(api, shop, *, amount, quantity, mode, off, taxed):
    terms = {"billing_mode": {"type": mode}}
    if off:
        coupon = api.coupons.create({"percent_off": 15, "duration": "forever"})
        terms["discounts"] = [{"coupon": coupon.id}]
    if taxed:
        rate = {"display_name": "VAT", "percentage": 19, "inclusive": False}
        terms["default_tax_rates"] = [api.tax_rates.create(rate).id]
    shop.travel(moment(2026, 3, 1))
    begun = shop.subscribe(items=[{"price": shop.price(3100)}], **terms)
    shop.travel(moment(2026, 3, 11))
    item = {"id": begun["items"].data[0].id, "quantity": quantity}
    wish = {"items": [{**item, "price": shop.price(amount, "New")}]}
    return begun, {**wish, "proration_date": moment(2026, 3, 11)}


def gist(invoice):
    lines = [(line.amount, line.description) for line in invoice.lines.data]
    return invoice.total, invoice.amount_due, lines


def preview(api, begun, details):
    return api.invoices.create_preview(
        {"subscription": begun.id, "subscription_details": details}
    )


def newest(api, begun):
    return api.invoices.list({"subscription": begun.id}).data[0]


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(**CHANGE)
def test_a_change_billed_at_once_costs_what_was_promised(world, api, shop, **change):
    with world.pretend():
        begun, wish = a_change(api, shop, **change)
        wish["proration_behavior"] = "always_invoice"
        first = newest(api, begun).id

        promised = preview(api, begun, wish)
        api.subscriptions.update(begun.id, wish)
        billed = newest(api, begun)

        assert billed.id != first
        assert gist(promised) == gist(billed)


def test_top_level_discounts_show_and_leave_no_trace(api, shop):
    coupon = api.coupons.create({"percent_off": 50, "duration": "once"}).id
    promised = api.invoices.create_preview(
        {
            "customer": shop.customer(),
            "discounts": [{"coupon": coupon}],
            "subscription_details": {"items": [{"price": shop.price(1200)}]},
        }
    )

    assert promised.total == 600
    assert api.coupons.retrieve(coupon).times_redeemed == 0


def test_without_a_subscription_nothing_is_upcoming(api, shop):
    with pytest.raises(stripe.InvalidRequestError) as nothing:
        api.invoices.create_preview({"customer": shop.customer()})

    assert nothing.value.code == "invoice_upcoming_none"


@pytest.mark.parametrize("mode", ["classic", "flexible"])
def test_the_next_renewal_costs_what_was_promised(api, shop, mode):
    order = {"amount": 7777, "quantity": 3, "mode": mode, "off": True, "taxed": True}
    begun, wish = a_change(api, shop, **order)

    promised = preview(api, begun, wish)
    api.subscriptions.update(begun.id, wish)
    shop.travel(moment(2026, 4, 1, 2))

    assert gist(promised) == gist(newest(api, begun))
