"""D6: what has a schedule can neither be changed nor cancelled on Stripe's own pages."""

from __future__ import annotations

import pytest

from tests.tools.changing import at_stripe, confirm, form_of, price_at_stripe, url
from tests.tools.shop import buttons, the_settings, words
from wagtail_billing_portal.gateway import new_key
from wagtail_billing_portal.models import Subscription
from wagtail_billing_portal.sandbox import faults

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


@pytest.fixture
def planned(ada, shop, plans, half_way) -> Subscription:
    """A member who goes down to a cheaper plan with the end of the period."""
    confirm(ada, url("change_confirm", half_way.pk, price=shop.reader))
    return Subscription.objects.get(pk=half_way.pk)


def cancel(ada, subscription, **said: str):
    """Both steps of leaving, and the page one comes to."""
    ada.post(url("cancel", subscription.pk), {"key": new_key(), **said})
    there = url("cancel_confirm", subscription.pk)
    return ada.post(there, form_of(ada.get(there)), follow=True)


def test_d6_who_cancels_lets_go_of_what_they_had_scheduled(ada, stripe_side, planned):
    page = words(cancel(ada, planned, reason="unused", comment="Too much bread."))

    assert "You keep access until" in page
    assert "From then on you have" not in page
    at = at_stripe(stripe_side, planned)
    assert (at.schedule, at.cancel_at) == (None, at["items"].data[0].current_period_end)
    said = at.cancellation_details
    assert (said.feedback, said.comment) == ("unused", "Too much bread.")
    stripe_side.advance(days=17)
    assert at_stripe(stripe_side, planned).status == "canceled"


def test_d6_who_keeps_it_after_all_goes_on_with_the_plan_of_today(
    ada, stripe_side, shop, planned
):
    cancel(ada, planned)

    page = ada.post(url("undo_cancel", planned.pk), {"key": new_key()}, follow=True)

    assert "From then on you have" not in words(page)
    assert at_stripe(stripe_side, planned).cancel_at is None
    stripe_side.advance(days=17)
    assert price_at_stripe(stripe_side, planned) == shop.supporter


@pytest.mark.parametrize("path", ["subscription_schedules/*", "subscriptions/*"])
@pytest.mark.parametrize("mode", ["at_period_end", "immediately"])
def test_d6_where_the_end_fails_what_was_scheduled_still_comes(
    ada, stripe_side, shop, planned, mode, path
):
    the_settings(cancel_mode=mode)
    there = url("cancel_confirm", planned.pk)
    form = form_of(ada.get(there))
    kind = faults.ERROR_BEFORE_WRITE
    lost = faults.Failure(kind, method="*", path=f"/v1/{path}", times=9)

    with faults.during(faults.Faults(failures=(lost,))):
        ada.post(there, form)

    at = at_stripe(stripe_side, planned)
    has_ended = at.status == "canceled" or at.cancel_at is not None
    assert has_ended or at.schedule
    stripe_side.advance(days=17)
    after = at_stripe(stripe_side, planned)
    assert (after.status == "canceled") == has_ended
    assert has_ended or price_at_stripe(stripe_side, planned) == shop.reader


def test_d6_an_end_whose_schedule_could_not_be_let_go_can_be_taken_back(
    ada, stripe_side, planned
):
    there = url("cancel_confirm", planned.pk)
    form = form_of(ada.get(there))
    kind, path = faults.ERROR_BEFORE_WRITE, "/v1/subscription_schedules/*/release"
    lost = faults.Failure(kind, path=path, times=9)

    with faults.during(faults.Faults(failures=(lost,))):
        page = ada.post(there, form, follow=True)

    assert "You keep access until" in words(page)
    assert "From then on you have" not in words(page)
    assert at_stripe(stripe_side, planned).schedule
    ada.post(url("undo_cancel", planned.pk), {"key": new_key()})
    at = at_stripe(stripe_side, planned)
    assert (at.schedule, at.cancel_at) == (None, None)


def test_d6_who_leaves_at_once_lets_go_of_it_too(ada, stripe_side, planned, at_once):
    cancel(ada, planned, reason="unused")

    [made] = stripe_side.client.v1.subscription_schedules.list({}).data
    assert made.status == "canceled"
    at = at_stripe(stripe_side, planned)
    assert (at.status, at.cancellation_details.feedback) == ("canceled", "unused")
