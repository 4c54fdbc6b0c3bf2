"""What is charged next is said where it is known, and what is said is charged."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.tools.changing import confirm, url
from tests.tools.groups import group
from tests.tools.shop import sold, subscribed, the_settings, words
from wagtail_billing_portal.gateway import new_key
from wagtail_billing_portal.models import Proration, Subscription

SAID = re.compile(r"Next charge €(\d+\.\d\d) on")


@pytest.fixture(autouse=True)
def stopped(stripe_side):
    stripe_side.stop_clock()


def said(browser, subscription: Subscription) -> int | None:
    """Minor units that the subscription's page and the overview name."""
    pages = (url("subscription", subscription.pk), url("overview"))
    shown = {
        found[1] if (found := SAID.search(words(browser.get(it)))) else None
        for it in pages
    }
    [amount] = shown
    return None if amount is None else int(amount.replace(".", ""))


def charged(stripe_side, subscription: Subscription, *, days: int = 32) -> int:
    """Minor units of the next invoice, when its time has come."""
    stripe_side.advance(days=days)
    wanted: Any = {"subscription": subscription.pk}
    return int(stripe_side.client.v1.invoices.list(wanted).data[0].amount_due)


def update(stripe_side, subscription: Subscription, **params: Any) -> None:
    """Somebody changes it at Stripe."""
    stripe_side.client.v1.subscriptions.update(subscription.pk, params)
    stripe_side.deliver_all()


def a_coupon(stripe_side, **terms: Any) -> str:
    wanted: Any = {"duration": "forever", **terms}
    return stripe_side.client.v1.coupons.create(wanted).id


def give(stripe_side, subscription: Subscription, *coupons: str) -> None:
    discounts = [{"coupon": it} for it in coupons]
    update(stripe_side, subscription, discounts=discounts)


def test_the_price_is_what_is_charged(ada, stripe_side, subscription):
    assert said(ada, subscription) == 1200
    assert charged(stripe_side, subscription) == 1200


@pytest.mark.parametrize(
    "coupons",
    [
        [{"percent_off": 12.5}],
        [{"percent_off": 33.3}],
        [{"amount_off": 300, "currency": "eur"}],
        [{"amount_off": 300, "currency": "eur"}, {"percent_off": 10}],
        [{"percent_off": 10}, {"percent_off": 50, "duration": "once"}],
        [{"percent_off": 100}],
        [{"percent_off": 10, "duration": "repeating", "duration_in_months": 1}],
        [{"percent_off": 10, "duration": "repeating", "duration_in_months": 2}],
    ],
)
def test_what_is_taken_off_is_reckoned_with(ada, stripe_side, subscription, coupons):
    give(stripe_side, subscription, *(a_coupon(stripe_side, **it) for it in coupons))

    amount = said(ada, subscription)

    assert amount is not None
    assert amount == charged(stripe_side, subscription)
    page = words(ada.get(url("subscription", subscription.pk)))
    assert "Regular price €12.00 a month, tax included" in page
    overview = words(ada.get(url("overview")))
    assert "Regular price: €12.00 a month, tax included" in overview


def test_a_trial_ends_with_the_price_of_the_plan(ada, stripe_side, customer, shop):
    id = stripe_side.subscribe(customer, shop.supporter, trial_period_days=14)
    stripe_side.deliver_all()
    trial = Subscription.objects.get(pk=id)

    assert said(ada, trial) == charged(stripe_side, trial, days=15) == 1200


def test_after_a_change_that_was_charged_at_once_it_is_the_new_price(
    ada, stripe_side, half_way, shop, plans
):
    update(
        stripe_side,
        half_way,
        items=[{"id": half_way.first_item.pk, "price": shop.reader}],
    )
    unknown = said(ada, half_way)
    confirm(ada, url("change_confirm", half_way.pk, price=shop.supporter))

    assert unknown is None
    assert said(ada, half_way) == 1200


def test_a_difference_that_comes_with_the_next_invoice_is_in_no_sum(
    ada, stripe_side, half_way, shop, plans
):
    the_settings(proration=Proration.CREATE_PRORATIONS, wait_if_cheaper=False)
    confirm(ada, url("change_confirm", half_way.pk, price=shop.reader))
    cheaper = said(ada, half_way)
    stripe_side.advance(days=2)
    confirm(ada, url("change_confirm", half_way.pk, price=shop.supporter))

    assert cheaper is None
    assert said(ada, half_way) is None
    assert charged(stripe_side, half_way) != 1200
    stripe_side.deliver_all()
    assert said(ada, half_way) == 1200


def test_seats_that_staff_added_at_stripe_are_in_no_sum(ada, stripe_side, member, db):
    (seat,) = sold(stripe_side, 400, product="Seat")
    items = [{"price": seat.pk, "quantity": 2}]
    held = subscribed(stripe_side, member, seat, items=items)
    before = said(ada, held)
    stripe_side.advance(days=10)
    update(stripe_side, held, items=[{"id": held.first_item.pk, "quantity": 5}])

    assert before == 800
    assert said(ada, held) is None
    assert "€20.00 a month" in words(ada.get(url("subscription", held.pk)))
    assert charged(stripe_side, held) != 2000


@pytest.mark.parametrize("sum", [-500, 700])
def test_with_a_balance_no_sum_is_said(ada, stripe_side, subscription, sum):
    stripe_side.client.v1.customers.balance_transactions.create(
        subscription.customer_id, {"amount": sum, "currency": "eur"}
    )
    stripe_side.deliver_all()

    assert said(ada, subscription) is None
    assert charged(stripe_side, subscription) == 1200 + sum


def test_tax_on_top_is_in_no_sum(ada, stripe_side, customer, member):
    (plan,) = sold(stripe_side, 1000, product="Supporter", tax_behavior="exclusive")
    held = subscribed(stripe_side, member, plan)

    assert said(ada, held) is None
    assert "€10.00 a month, plus tax" in words(ada.get(url("overview")))


def test_with_tax_rates_no_sum_is_said(ada, stripe_side, customer, shop):
    rate = stripe_side.client.v1.tax_rates.create(
        {"display_name": "VAT", "percentage": 20, "inclusive": False}
    )
    id = stripe_side.subscribe(customer, shop.supporter, default_tax_rates=[rate.id])
    stripe_side.deliver_all()
    taxed = Subscription.objects.get(pk=id)

    assert said(ada, taxed) is None
    assert charged(stripe_side, taxed) == 1440


@pytest.mark.parametrize(
    ("behavior", "said_sum"), [("inclusive", 1000), ("exclusive", None)]
)
def test_automatic_tax_is_known_where_it_is_in_the_price(
    ada, stripe_side, member, customer, behavior, said_sum
):
    where = {"country": "DE", "postal_code": "10115"}
    stripe_side.client.v1.customers.update(customer, {"address": where})
    (plan,) = sold(stripe_side, 1000, product="Supporter", tax_behavior=behavior)
    held = subscribed(stripe_side, member, plan, automatic_tax={"enabled": True})

    assert said(ada, held) == said_sum
    assert charged(stripe_side, held) == (said_sum or 1190)


def test_two_things_for_one_product_less(ada, stripe_side, member):
    """A coupon for one of them, with another one after it that is for both."""
    paper, digital = (
        sold(stripe_side, it, product=f"Paper {it}")[0] for it in (900, 600)
    )
    items = [{"price": paper.pk}, {"price": digital.pk}]
    held = subscribed(stripe_side, member, paper, items=items)
    for_paper = a_coupon(
        stripe_side, percent_off=50, applies_to={"products": [paper.product_id]}
    )
    give(stripe_side, held, for_paper)
    for_one = said(ada, held)
    give(stripe_side, held, a_coupon(stripe_side, percent_off=0.05))
    with_fractions = said(ada, held)

    assert for_one == 1500 - 450
    assert with_fractions is None
    assert "0.05% off for good" in words(ada.get(url("subscription", held.pk)))


def test_a_discount_of_the_customer_is_in_no_sum(ada, stripe_side, subscription):
    """As earlier versions of the API let a site give one."""
    discount: Any = {"coupon": a_coupon(stripe_side, percent_off=50)}
    earlier: Any = {"stripe_version": "2024-06-20"}
    stripe_side.client.v1.customers.update(subscription.customer_id, discount, earlier)
    stripe_side.deliver_all()

    assert said(ada, subscription) is None


def test_what_is_too_little_to_be_charged_is_no_sum(ada, stripe_side, member):
    (plan,) = sold(stripe_side, 30, product="Tip")

    assert said(ada, subscribed(stripe_side, member, plan)) is None


@pytest.mark.parametrize(
    ("terms", "money"),
    [
        ({"percent_off": 25}, "25% off for good That saves €3.00 of €12.00 a month."),
        (
            {"percent_off": 10, "duration": "once"},
            "10% off on the next invoice That saves €1.20 of €12.00.",
        ),
        (
            {"amount_off": 5000, "currency": "eur"},
            "€50.00 off for good That saves €12.00 of €12.00 a month.",
        ),
    ],
)
def test_a_code_says_what_it_saves_in_money(
    ada, stripe_side, subscription, terms, money
):
    coupon = a_coupon(stripe_side, **terms)
    stripe_side.client.v1.promotion_codes.create(
        {"promotion": {"type": "coupon", "coupon": coupon}, "code": "SPRING"}
    )
    form = {"key": new_key(), "code": "SPRING"}

    page = words(ada.post(url("apply_code", subscription.pk), form, follow=True))

    assert money in page


def test_a_second_code_says_what_it_saves_of_what_is_left(
    ada, stripe_side, subscription
):
    half, tenth = (a_coupon(stripe_side, percent_off=it) for it in (50, 10))
    give(stripe_side, subscription, half, tenth)

    page = words(ada.get(url("subscription", subscription.pk)))

    assert "That saves €6.00 of €12.00 a month." in page
    assert "That saves €0.60 of €12.00 a month." in page
    assert said(ada, subscription) == charged(stripe_side, subscription) == 540


def test_before_tax_it_says_so(ada, stripe_side, member):
    (plan,) = sold(stripe_side, 1000, product="Supporter", tax_behavior="exclusive")
    held = subscribed(stripe_side, member, plan)
    give(stripe_side, held, a_coupon(stripe_side, percent_off=25))

    page = words(ada.get(url("subscription", held.pk)))

    assert "That saves €2.50 of €10.00 a month, before tax." in page


def test_more_seats_that_were_charged_at_once_cost_their_price_next(
    ada, stripe_side, member, db
):
    (seat,) = sold(stripe_side, 400, product="Seat")
    group(seat.pk, maximum=9)
    items = [{"price": seat.pk, "quantity": 2}]
    held = subscribed(stripe_side, member, seat, items=items)
    stripe_side.advance(days=10)

    confirm(ada, url("change_confirm", held.pk, quantity=5))

    assert said(ada, held) == charged(stripe_side, held) == 2000


def test_after_a_pause_it_is_the_price_again(ada, stripe_side, ours):
    stripe_side.advance(days=10)
    stripe_side.deliver_all()
    confirm(ada, url("pause", ours.pk), length="1 month")
    resting = said(ada, ours)
    stripe_side.advance(days=10)
    confirm(ada, url("resume", ours.pk))

    assert resting is None
    assert said(ada, ours) == charged(stripe_side, ours) == 1200


def test_an_extra_is_in_the_sum_once_it_was_billed_with_the_rest(
    ada, stripe_side, half_way, plans
):
    (extra,) = sold(stripe_side, 300, product="Print")
    group(extra.pk, are_extras=True)

    confirm(ada, url("change_confirm", half_way.pk, price=extra.pk, add=1))
    before = said(ada, half_way)
    stripe_side.advance(days=17)
    stripe_side.deliver_all()

    assert before in (None, 1500)
    assert said(ada, half_way) == charged(stripe_side, half_way) == 1500
