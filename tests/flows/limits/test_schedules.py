"""D6: what has a schedule can neither be changed nor cancelled on Stripe's own pages."""

from __future__ import annotations

import pytest

from tests.tools.changing import at_stripe, confirm, form_of, price_at_stripe, url
from tests.tools.shop import buttons, words
from wagtail_billing_portal.gateway import new_key
from wagtail_billing_portal.models import Subscription

AGREED = "The terms of this subscription were agreed with you individually."


@pytest.fixture
def agreed(stripe_side, shop, half_way) -> Subscription:
    """Staff agreed by contract on what it will cost, and put a schedule in charge."""
    schedules = stripe_side.client.v1.subscription_schedules
    made = schedules.create({"from_subscription": half_way.pk})
    [running] = made.phases
    now = {
        "items": [{"price": shop.supporter}],
        "start_date": running.start_date,
        "end_date": running.end_date,
    }
    later = {
        "items": [{"price": shop.reader}],
        "duration": {"interval": "month", "interval_count": 12},
    }
    schedules.update(made.id, {"phases": [now, later]})
    stripe_side.deliver_all()
    return half_way


def test_d6_what_staff_agreed_upon_stays_and_the_page_says_why(
    ada, stripe_side, shop, plans, agreed
):
    page = ada.get(url("subscription", agreed.pk))

    assert AGREED in words(page)
    assert "From then on you have: Reader · monthly" in words(page)
    assert not {"Change plan", "Cancel subscription", "Undo this change"} & {
        *buttons(page)
    }


@pytest.mark.parametrize("act", ["change_confirm", "cancel_confirm", "undo_change"])
def test_d6_no_address_leads_around_what_was_agreed(
    ada, stripe_side, shop, plans, agreed, act
):
    there = url(act, agreed.pk, price=shop.supporter_yearly)

    ada.post(there, {"key": new_key(), "figures": "x"})

    at = at_stripe(stripe_side, agreed)
    assert at.schedule
    assert not at.cancel_at_period_end
    assert at["items"].data[0].price.id == shop.supporter


def test_d6_what_a_member_scheduled_is_shown_and_undone(
    ada, stripe_side, shop, plans, half_way
):
    confirm(ada, url("change_confirm", half_way.pk, price=shop.reader))
    page = ada.get(url("subscription", half_way.pk))

    ada.post(url("undo_change", half_way.pk), {"key": new_key()})

    assert "Undo this change" in buttons(page)
    assert at_stripe(stripe_side, half_way).schedule is None
    stripe_side.advance(days=17)
    assert price_at_stripe(stripe_side, half_way) == shop.supporter


def test_d6_who_cancels_lets_go_of_what_they_had_scheduled(
    ada, stripe_side, shop, plans, half_way
):
    confirm(ada, url("change_confirm", half_way.pk, price=shop.reader))
    [made] = stripe_side.client.v1.subscription_schedules.list({}).data

    answer = ada.post(url("cancel_confirm", half_way.pk), {"key": new_key()})

    page = words(ada.get(answer["Location"]))
    assert "You keep access until" in page
    assert "From then on you have" not in page
    at = at_stripe(stripe_side, half_way)
    assert (at.schedule, at.cancel_at_period_end) == (None, True)
    schedules = stripe_side.client.v1.subscription_schedules
    assert schedules.retrieve(made.id).status == "released"
    stripe_side.advance(days=17)
    assert at_stripe(stripe_side, half_way).status == "canceled"


def test_d6_who_leaves_at_once_lets_go_of_it_too(
    ada, stripe_side, shop, plans, half_way, at_once
):
    confirm(ada, url("change_confirm", half_way.pk, price=shop.reader))
    there = url("cancel_confirm", half_way.pk)

    ada.post(there, form_of(ada.get(there)))

    [made] = stripe_side.client.v1.subscription_schedules.list({}).data
    assert made.status == "released"
    assert at_stripe(stripe_side, half_way).status == "canceled"
