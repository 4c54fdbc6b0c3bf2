"""A member pays in another currency than the shop's own, and reads no other amount."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tools.changing import confirm, price_at_stripe, url
from tests.tools.groups import group
from tests.tools.metering import by_volume, graduated
from tests.tools.shop import buttons, sold, soup, subscribed, the_settings, words
from wagtail_billing_portal.gateway import new_key
from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.models import (
    Act,
    Price,
    RetentionOffer,
    Subscription,
    SubscriptionAct,
)
from wagtail_billing_portal.models.portal_choices import OfferKind
from wagtail_billing_portal.policies.timing import Change, waits


def dollars(cents: int, tax: str = "inclusive") -> dict[str, Any]:
    """What a price costs in dollars, beside its euros."""
    return {"currency_options": {"usd": {"unit_amount": cents, "tax_behavior": tax}}}


@pytest.fixture
def reader(stripe_side) -> Price:
    """Five euros a month, or nine dollars: in dollars it is the dearer plan."""
    (price,) = sold(stripe_side, 500, product="Reader", **dollars(900))
    return price


@pytest.fixture
def supporter(stripe_side) -> Price:
    """Twelve euros a month, or eight dollars."""
    (price,) = sold(stripe_side, 1200, product="Supporter", **dollars(800))
    return price


@pytest.fixture
def offered(reader, supporter):
    group(reader.pk, supporter.pk)


@pytest.fixture
def in_dollars(stripe_side, member, supporter, offered) -> Subscription:
    """Paid in dollars, half of the month used up."""
    stripe_side.stop_clock()
    held = subscribed(stripe_side, member, supporter, currency="usd")
    stripe_side.advance(days=15)
    return held


def page(browser, name: str, subscription: Subscription, **query: Any) -> str:
    return words(browser.get(url(name, subscription.pk, **query), follow=True))


def test_each_page_of_the_subscription_speaks_of_dollars(ada, in_dollars, reader):
    overview = words(ada.get(url("overview")))
    pages = [
        page(ada, "subscription", in_dollars),
        page(ada, "change", in_dollars),
        page(ada, "change_confirm", in_dollars, price=reader.pk),
    ]

    assert "$8.00 a month, tax included" in overview
    assert "Next charge $8.00 on" in overview
    assert all("$8.00 a month, tax included" in it for it in pages)
    assert all("$9.00 a month, tax included" in it for it in pages[1:])
    assert not [it for it in [overview, *pages] if "€" in it]


def test_what_is_dearer_in_dollars_comes_at_once(ada, stripe_side, in_dollars, reader):
    shown = page(ada, "change_confirm", in_dollars, price=reader.pk)
    confirm(ada, url("change_confirm", in_dollars.pk, price=reader.pk))

    assert "At once" in shown
    assert price_at_stripe(stripe_side, in_dollars) == reader.pk
    newest = stripe_side.client.v1.invoices.list({"subscription": in_dollars.pk}).data[
        0
    ]
    assert newest.currency == "usd"
    assert f"Pay ${newest.amount_paid / 100:.2f} and switch" in shown


def test_what_is_cheaper_in_dollars_waits(ada, stripe_side, member, reader, supporter):
    group(reader.pk, supporter.pk)
    stripe_side.stop_clock()
    held = subscribed(stripe_side, member, reader, currency="usd")
    stripe_side.advance(days=15)

    on_the_page = page(ada, "change", held)
    confirm(ada, url("change_confirm", held.pk, price=supporter.pk))

    assert "From" in on_the_page.split("Supporter · monthly")[1]
    detail = page(ada, "subscription", held)
    assert "From then on you have: Supporter · monthly, $8.00 a month" in detail
    assert "It changes to: Supporter · monthly, $8.00 a month" in detail
    assert "€" not in detail


def test_fewer_seats_at_a_flat_fee_wait_only_where_they_cost_less(
    stripe_side, member, db
):
    """In dollars one fee is for all; in euros each seat has its amount."""
    a_fee = [{"up_to": "inf", "flat_amount": 2000}]
    seats = graduated({"up_to": "inf", "unit_amount": 400})
    terms = seats | {"currency_options": {"usd": {"tiers": a_fee}}}
    (team,) = sold(stripe_side, 0, product="Team", **terms)
    items = [{"price": team.pk, "quantity": 6}]
    held = subscribed(stripe_side, member, team, items=items, currency="usd")

    fewer = Change(held.first_item, team, 2)

    assert team.amount_for(6, "eur") == 2400
    assert team.amount_for(6, "usd") == 2000
    assert held.recurring_amount == 2000
    assert not waits(the_settings(), held, fewer)


def test_several_seats_and_extras_are_told_in_dollars(ada, stripe_side, member):
    seat, extra = (
        sold(stripe_side, 400, product="Seat", **dollars(500))[0],
        sold(stripe_side, 300, product="Print", **dollars(350))[0],
    )
    group(seat.pk, maximum=9)
    group(extra.pk, are_extras=True)
    held = subscribed(
        stripe_side,
        member,
        seat,
        items=[{"price": seat.pk, "quantity": 3}],
        currency="usd",
    )

    assert "3 × Seat ($5.00 a month)" in page(ada, "subscription", held)
    assert "$15.00 a month, tax included" in page(ada, "subscription", held)
    assert "$5.00 a month, tax included" in page(ada, "quantity", held)
    assert "$3.50 a month, tax included" in page(ada, "extras", held)
    more = page(ada, "change_confirm", held, quantity=4)
    assert "$20.00 a month (4 × $5.00), tax included" in more


def test_the_offer_is_cheaper_in_dollars(ada, stripe_side, member, reader, supporter):
    group(reader.pk, supporter.pk)
    settings = the_settings()
    RetentionOffer.objects.create(settings=settings, kind=OfferKind.CHEAPER_PLAN)
    held = subscribed(stripe_side, member, reader, currency="usd")

    offer = ada.post(url("cancel", held.pk), {"reason": ""}, follow=True)
    [link, _go_on] = soup(offer).select(".billing-actions > a")
    confirm(ada, link["href"])

    said = "You can switch to Supporter · monthly instead, for $8.00 a month"
    assert said in words(offer)
    assert SubscriptionAct.objects.filter(act=Act.ACCEPTED).exists()


def test_nothing_is_offered_that_is_cheaper_in_euros_alone(
    ada, stripe_side, in_dollars
):
    settings = the_settings()
    RetentionOffer.objects.create(settings=settings, kind=OfferKind.CHEAPER_PLAN)

    answer = ada.post(url("cancel", in_dollars.pk), {"reason": ""}, follow=True)

    assert "Take the offer" not in buttons(answer)


def test_tax_is_what_it_is_in_dollars(ada, stripe_side, member):
    """In Europe it is in the price, in America it comes on top."""
    (plan,) = sold(stripe_side, 1200, product="Supporter", **dollars(1000, "exclusive"))
    (other,) = sold(stripe_side, 1900, product="Patron", **dollars(1900))
    group(plan.pk, other.pk)
    held = subscribed(stripe_side, member, plan, currency="usd")

    assert "$10.00 a month, plus tax" in page(ada, "subscription", held)
    assert "Tax is counted differently in this plan." in page(ada, "change", held)


def test_an_amount_that_is_not_known_is_not_made_up(ada, stripe_side, member):
    """The dollars were added later, and nobody has told the site yet."""
    (plan,) = sold(stripe_side, 1200, product="Supporter")
    stripe_side.client.v1.prices.update(plan.pk, dollars(1300))
    for event in stripe_side.waiting():
        stripe_side.lose(event)
    held = subscribed(stripe_side, member, plan, currency="usd")

    detail = page(ada, "subscription", held)

    assert "Supporter · monthly" in detail
    assert "12.00" not in detail
    assert "Depends on use" not in detail


def test_a_code_for_dear_subscriptions_looks_at_the_dollars(
    ada, stripe_side, in_dollars
):
    v1 = stripe_side.client.v1
    tenth = v1.coupons.create({"percent_off": 10, "duration": "forever"}).id
    v1.promotion_codes.create(
        {
            "promotion": {"type": "coupon", "coupon": tenth},
            "code": "DEAR",
            "restrictions": {"minimum_amount": 1000, "minimum_amount_currency": "usd"},
        }
    )

    ada.post(url("apply_code", in_dollars.pk), {"key": new_key(), "code": "DEAR"})

    assert not v1.subscriptions.retrieve(in_dollars.pk).discounts


@pytest.mark.parametrize(
    ("quantity", "euros", "cents"),
    [(1, 1000, 1200), (10, 1900, 2100), (12, 1020, 1140)],
)
def test_each_step_costs_what_it_does_in_that_currency(
    stripe_side, db, quantity, euros, cents
):
    """A fee and so much each; from eleven on less, and for all of them."""
    steps = [
        [
            {"up_to": 10, "unit_amount": each, "flat_amount": fee},
            {"up_to": "inf", "unit_amount_decimal": many, "flat_amount": small},
        ]
        for each, fee, many, small in ((100, 900, "80", 60), (100, 1100, "85", 120))
    ]
    terms = by_volume(*steps[0]) | {"currency_options": {"usd": {"tiers": steps[1]}}}
    (price,) = sold(stripe_side, 0, **terms)

    assert price.amount_for(quantity, "eur") == euros
    assert price.amount_for(quantity, "usd") == cents
    assert price.amount_for(quantity, "gbp") is None


def test_a_discount_in_euros_is_not_offered_to_who_pays_in_dollars(
    ada, stripe_side, in_dollars
):
    """Stripe would refuse it, and nobody could go on to the last step."""
    three: Any = {"amount_off": 300, "currency": "eur", "duration": "once"}
    coupon = stripe_side.client.v1.coupons.create(three).id
    list(backfill("default", only=["coupon"]))
    RetentionOffer.objects.create(
        settings=the_settings(), kind=OfferKind.COUPON, coupon_id=coupon
    )

    answer = ada.post(url("cancel", in_dollars.pk), {"reason": ""}, follow=True)

    assert "Take the offer" not in buttons(answer)
    assert "Cancel Supporter" in buttons(answer)


def test_who_comes_back_pays_in_dollars_what_the_table_said(
    ada, stripe_side, in_dollars, supporter
):
    stripe_side.cancel(in_dollars.pk)
    stripe_side.deliver_all()

    ada.post(url("subscribe_again", in_dollars.pk), {"key": new_key()})

    [session] = stripe_side.client.v1.checkout.sessions.list({"status": "open"}).data
    assert (session.currency, session.amount_total) == ("usd", 800)
