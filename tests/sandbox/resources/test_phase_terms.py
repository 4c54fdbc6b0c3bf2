"""What a phase of a schedule says of discounts, taxes and invoices."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.resources.shop import Shop, moment

APRIL, MAY = (moment(2026, month, 1) for month in (4, 5))
MONTH = {"interval": "month", "interval_count": 1}


def planned(shop: Shop, *phases: dict[str, Any], **params: Any) -> Any:
    price = shop.price(1000)
    order = {
        "customer": shop.customer(),
        "start_date": "now",
        "phases": [
            {"items": [{"price": price}], "duration": MONTH, **phase}
            for phase in phases
        ],
        **params,
    }
    return shop.api.subscription_schedules.create(order)


def coupon(shop: Shop, percent: int = 50, duration: str = "forever") -> str:
    order = {"percent_off": percent, "duration": duration}
    return shop.api.coupons.create(order).id


def tax_rate(shop: Shop) -> str:
    order = {"display_name": "VAT", "percentage": 20, "inclusive": False}
    return shop.api.tax_rates.create(order).id


def totals(shop: Shop) -> list[int]:
    return [invoice.total for invoice in reversed(shop.invoices())]


def test_a_phase_is_discounted_and_the_next_is_not(shop: Shop) -> None:
    schedule = planned(shop, {"discounts": [{"coupon": coupon(shop)}]}, {})

    shop.travel(APRIL + 1)

    assert schedule.phases[0].discounts[0].coupon
    assert totals(shop) == [500, 1000]
    assert shop.subscription(str(schedule.subscription)).discounts == []
    assert "customer.discount.deleted" in shop.events()


def test_a_coupon_for_once_is_redeemed_once_however_often_a_plan_is_changed(
    shop: Shop,
) -> None:
    once = coupon(shop, duration="once")
    schedule = planned(
        shop,
        {
            "discounts": [{"coupon": once}],
            "duration": {"interval": "month", "interval_count": 3},
        },
    )
    shop.wait(hours=1)
    shop.api.subscription_schedules.update(schedule.id, {"metadata": {"a": "b"}})

    shop.travel(APRIL + 1)

    assert totals(shop) == [500, 1000]
    assert shop.api.coupons.retrieve(once).times_redeemed == 1


def test_a_coupon_that_is_gone_when_its_phase_begins_takes_nothing_off(
    shop: Shop,
) -> None:
    gone = coupon(shop)
    planned(shop, {}, {"discounts": [{"coupon": gone}]})
    shop.api.coupons.delete(gone)

    shop.travel(APRIL + 1)

    assert totals(shop) == [1000, 1000]


def test_phases_have_tax_rates_of_their_own(shop: Shop) -> None:
    rate = tax_rate(shop)
    schedule = planned(shop, {"default_tax_rates": [rate]}, {})
    shop.travel(APRIL + 1)

    assert schedule.phases[0].default_tax_rates[0].id == rate
    assert totals(shop) == [1200, 1000]


def test_an_item_of_a_phase_has_its_own_tax_rate(shop: Shop) -> None:
    item = {"price": shop.price(1000), "tax_rates": [tax_rate(shop)]}
    planned(shop, {"items": [item]})

    assert totals(shop) == [1200]


def test_tax_is_worked_out_in_the_phases_that_ask_for_it(shop: Shop) -> None:
    address = {"country": "GB"}
    on = {"enabled": True}
    schedule = planned(
        shop, {}, {"automatic_tax": on}, customer=shop.customer(address=address)
    )
    shop.travel(APRIL + 1)

    assert schedule.default_settings.automatic_tax.enabled is False
    assert [it.automatic_tax.enabled for it in shop.invoices()] == [True, False]


def test_tax_cannot_be_worked_out_for_nowhere(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        planned(shop, {"automatic_tax": {"enabled": True}})

    assert refusal.value.code == "customer_tax_location_invalid"
    assert refusal.value.param == "phases[0][automatic_tax]"


def test_invoices_of_a_plan_say_what_it_says(shop: Shop) -> None:
    settings = {"footer": "Thanks", "custom_fields": [{"name": "PO", "value": "7"}]}
    planned(
        shop,
        {"invoice_settings": {"footer": "Welcome"}},
        {},
        default_settings={"invoice_settings": settings},
    )
    shop.travel(APRIL + 1)

    later, first = shop.invoices()
    assert (first.footer, later.footer) == ("Welcome", "Thanks")
    assert first.custom_fields[0].value == "7"


def test_a_subscription_keeps_its_discount_under_a_plan(shop: Shop) -> None:
    subscription = shop.subscribe(discounts=[{"coupon": coupon(shop)}])
    schedule = shop.api.subscription_schedules.create(
        {"from_subscription": subscription.id}
    )
    shop.api.subscription_schedules.update(schedule.id, {"metadata": {"a": "b"}})

    kept = shop.subscription(subscription.id).discounts
    assert kept == subscription.discounts
    assert schedule.phases[0].discounts[0].discount == kept[0]
