"""A member who is deleted is charged no more, whatever they had planned before."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import TestCase

from tests.tools.changing import at_stripe, confirm, form_of, url
from tests.tools.shop import the_settings
from wagtail_billing_portal.models import KeptRequest
from wagtail_billing_portal.sandbox import faults

FLEXIBLE: dict[str, Any] = {"billing_mode": {"type": "flexible"}}


@pytest.fixture
def leave(member):
    """The member is deleted, and the tasks that follow are done."""

    def delete() -> None:
        with TestCase.captureOnCommitCallbacks(execute=True):
            get_user_model().objects.get(pk=member.pk).delete()

    return delete


def test_a_change_that_was_planned_does_not_keep_it_going(
    ada, shop, plans, half_way, stripe_side, leave
):
    confirm(ada, url("change_confirm", half_way.pk, price=shop.reader))

    leave()

    assert at_stripe(stripe_side, half_way).cancel_at
    stripe_side.advance(days=17)
    assert at_stripe(stripe_side, half_way).status == "canceled"


def test_a_pause_is_the_end(ada, ours, stripe_side, leave):
    the_settings(offer_pause=True, pause_without_end=True)
    page = ada.get(url("pause", ours.pk))
    ada.post(url("pause", ours.pk), {**form_of(page), "length": "open"})

    leave()

    assert at_stripe(stripe_side, ours).status == "canceled"
    stripe_side.advance(days=70)
    listed = stripe_side.client.v1.invoices.list({"subscription": ours.pk})
    assert sorted(it.amount_due for it in listed.data) == [0, 1200]


def test_what_was_paid_for_the_year_is_not_lost_with_the_month(
    customer, shop, stripe_side, leave
):
    monthly = stripe_side.a_price(200, product="Letter")
    id = stripe_side.subscribe(customer, shop.supporter_yearly, monthly, **FLEXIBLE)
    stripe_side.deliver_all()

    leave()

    subscription = stripe_side.client.v1.subscriptions.retrieve(id)
    ends = {it.current_period_end for it in subscription["items"].data}
    assert subscription.cancel_at == max(ends) != min(ends)


def test_one_that_cannot_be_ended_keeps_no_other_going(
    customer, shop, stripe_side, leave, failed_tasks
):
    lost = stripe_side.subscribe(customer, shop.supporter)
    other = stripe_side.subscribe(customer, shop.reader)
    stripe_side.deliver_all()
    kind, path = faults.ERROR_BEFORE_WRITE, f"/v1/subscriptions/{lost}"
    failure = faults.Failure(kind, path=path, times=9)

    with faults.during(faults.Faults(failures=(failure,))):
        leave()

    [_told] = failed_tasks
    failed_tasks.clear()
    kept = stripe_side.client.v1.subscriptions.retrieve
    assert not kept(lost).cancel_at
    assert kept(other).cancel_at_period_end
    call_command("billing_drain", stdout=StringIO())
    assert kept(lost).cancel_at_period_end
    assert not KeptRequest.objects.exists()


def test_an_end_that_staff_agreed_for_next_year_comes_earlier(
    half_way, stripe_side, leave
):
    v1 = stripe_side.client.v1
    far = half_way.current_period_end + timedelta(days=330)
    v1.subscriptions.update(half_way.pk, {"cancel_at": int(far.timestamp())})
    stripe_side.deliver_all()

    leave()

    stripe_side.advance(days=17)
    assert at_stripe(stripe_side, half_way).status == "canceled"


def test_a_schedule_that_the_site_has_not_heard_of_keeps_nothing_going(
    half_way, stripe_side, leave
):
    v1 = stripe_side.client.v1
    v1.subscription_schedules.create({"from_subscription": half_way.pk})

    leave()

    assert at_stripe(stripe_side, half_way).cancel_at
