"""D1: what is paid by the month and by the year, in one subscription."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tools.changing import at_stripe, confirm, form_of, url
from tests.tools.groups import group
from tests.tools.shop import soup, the_settings, words
from wagtail_billing_portal.gateway import new_key
from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.models import Subscription
from wagtail_billing_portal.sections.words import date_words

FLEXIBLE = {"billing_mode": {"type": "flexible"}}


@pytest.fixture
def letter(stripe_side, shop) -> str:
    """Something beside the plan, paid by the month."""
    id = stripe_side.a_price(200, product="Letter")
    list(backfill("default", only=["product", "price"]))
    return id


@pytest.fixture
def both(stripe_side, shop, customer, plans, letter) -> Subscription:
    """Supporter by the year and the letter by the month, ten days old."""
    stripe_side.stop_clock()
    id = stripe_side.subscribe(customer, shop.supporter_yearly, letter, **FLEXIBLE)
    stripe_side.advance(days=10)
    stripe_side.deliver_all()
    return Subscription.objects.get(pk=id)


def totals(stripe_side: Any, subscription: Subscription) -> list[int]:
    """What its invoices came to, the first one first."""
    wanted: Any = {"subscription": subscription.pk, "limit": 100}
    listed = stripe_side.client.v1.invoices.list(wanted)
    return [it.total for it in reversed(listed.data)]


def test_d1_cancelled_it_ends_when_the_year_is_used_up_and_not_the_month(
    ada, stripe_side, both
):
    year_end, month_end = date_words(both.paid_until), date_words(both.period_ends[0])
    shown = words(ada.get(url("cancel_confirm", both.pk)))

    answer = ada.post(url("cancel_confirm", both.pk), {"key": new_key()})

    assert year_end != month_end
    assert f"You keep access until {year_end}" in shown
    assert f"is charged as before, next on {month_end}." in shown
    page = words(ada.get(answer["Location"]))
    assert f"You keep access until {year_end}." in page
    assert f"Until then it is charged as before, next on {month_end}." in page
    assert "Nothing more will be charged." not in page

    stripe_side.advance(days=40)
    stripe_side.deliver_all()

    assert at_stripe(stripe_side, both).status == "active"
    assert totals(stripe_side, both)[:2] == [12_200, 200]
    ada.post(url("undo_cancel", both.pk), {"key": new_key()})
    assert at_stripe(stripe_side, both).cancel_at is None


def test_d1_stripes_page_that_would_end_it_with_the_month_is_not_led_to(
    ada, stripe_side, shop, customer, both
):
    plain = stripe_side.subscribe(customer, shop.reader)
    stripe_side.deliver_all()
    way = "Or do this on Stripe's page"

    there = ada.post(url("hosted_cancel", both.pk), {"key": new_key()}, follow=True)

    assert way in words(ada.get(url("cancel_confirm", plain)))
    assert way not in words(ada.get(url("cancel_confirm", both.pk)))
    assert "would end this before all that was paid for is used up" in words(there)
    assert stripe_side.events("billing_portal.session.created") == []


def test_d1_a_shorter_interval_waits_until_the_longer_one_is_used_up(
    ada, stripe_side, shop, letter, both
):
    year_end = date_words(both.paid_until)
    there = url("change_confirm", both.pk, price=shop.supporter)
    chosen, shown = ada.get(url("change", both.pk)), ada.get(there)

    answer = ada.post(there, form_of(shown))

    badges = [it.text.strip() for it in soup(chosen).select(".billing-badge")]
    assert f"From {year_end}" in badges
    assert f"When {year_end}" in words(shown)
    assert "Then, on" not in words(shown)
    assert f"Changes on {year_end}." in words(ada.get(answer["Location"]))

    stripe_side.advance(days=330)
    held = [it.price.id for it in at_stripe(stripe_side, both)["items"].data]
    assert held == [shop.supporter_yearly, letter]
    before = len(totals(stripe_side, both))
    stripe_side.advance(days=27)

    held = [it.price.id for it in at_stripe(stripe_side, both)["items"].data]
    assert held == [shop.supporter, letter]
    assert sum(totals(stripe_side, both)[before:]) == 1200 + 200


def test_d1_a_trial_that_ends_leads_to_the_shorter_interval_first(
    ada, stripe_side, shop, customer, plans, letter
):
    id = stripe_side.subscribe(
        customer, shop.supporter, letter, trial_period_days=14, **FLEXIBLE
    )
    stripe_side.deliver_all()
    there = url("change_confirm", id, price=shop.supporter_yearly)

    shown = words(ada.get(there))
    confirm(ada, there)

    assert "Pay €122.00 and switch" in shown
    assert "Next charge €2.00" in shown
    coming = stripe_side.client.v1.invoices.create_preview({"subscription": id})
    assert coming.total == 200


def test_d1_an_extra_by_the_month_leaves_the_year_alone(
    ada, stripe_side, shop, customer, plans, letter
):
    group(letter, are_extras=True)
    id = stripe_side.subscribe(customer, shop.supporter_yearly, **FLEXIBLE)
    stripe_side.deliver_all()
    year_end = Subscription.objects.get(pk=id).paid_until

    confirm(ada, url("change_confirm", id, price=letter, add=1))

    ada.post(url("cancel_confirm", id), {"key": new_key()})
    assert Subscription.objects.get(pk=id).ends_at == year_end


def test_d1_after_the_end_the_year_and_the_month_come_back_together(
    ada, stripe_side, shop, letter, both
):
    stripe_side.cancel(both.pk)
    stripe_side.deliver_all()

    checkout = ada.post(url("subscribe_again", both.pk), {"key": new_key()})
    stripe_side.pay(checkout["Location"])
    stripe_side.deliver_all()

    anew = Subscription.objects.exclude(pk=both.pk).get()
    assert len(anew.period_ends) == 2
    assert totals(stripe_side, anew) == [12_200]


def test_d1_after_a_pause_the_month_is_charged_before_the_year(ada, stripe_side, both):
    the_settings(offer_pause=True, pause_without_end=True)
    confirm(ada, url("pause", both.pk), length="open")
    stripe_side.advance(days=40)
    stripe_side.deliver_all()

    shown = words(ada.get(url("resume", both.pk)))
    confirm(ada, url("resume", both.pk))

    both.refresh_from_db()
    assert len(both.period_ends) == 2
    assert f"Next charge {date_words(both.period_ends[0])}" in shown
