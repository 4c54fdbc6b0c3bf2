"""A checkout's sums, part by part."""

from __future__ import annotations

EXPANDED = [
    "total_details.breakdown",
    "line_items.data.discounts",
    "line_items.data.taxes",
]


def test_a_session_tells_of_what_its_sums_consist(api, shop):
    coupon = api.coupons.create({"percent_off": 25, "duration": "forever"})
    vat = {"display_name": "VAT", "percentage": 19, "inclusive": False}
    rate = api.tax_rates.create(vat)
    session = shop.session(
        discounts=[{"coupon": coupon.id}],
        subscription_data={"default_tax_rates": [rate.id]},
    )

    for paid in (False, True):
        if paid:
            shop.pay(session)
        found = api.checkout.sessions.retrieve(session.id, {"expand": EXPANDED})

        whole, line = found.total_details.breakdown, found.line_items.data[0]
        for part in (whole, line):
            assert [(it.amount, it.rate.id) for it in part.taxes] == [(171, rate.id)]
            (taken,) = part.discounts
            assert (taken.amount, taken.discount.source.coupon) == (300, coupon.id)
            assert taken.discount.checkout_session == session.id


def test_nothing_taken_off_is_an_empty_list(api, shop):
    found = api.checkout.sessions.retrieve(shop.session().id, {"expand": EXPANDED})

    assert found.total_details.breakdown.to_dict() == {"discounts": [], "taxes": []}
    assert found.line_items.data[0].discounts == []
