"""A pause and its end are made whole or not at all, and noted once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.tools.changing import at_stripe, confirm, form_of
from tests.tools.costs import watched
from tests.tools.metering import subscribed_to_calls
from tests.tools.shop import account_of_user, the_settings, url, words
from wagtail_billing_portal.accounts import BillingAccount
from wagtail_billing_portal.actions.pausing import (
    pause,
    preview_pause,
    preview_resume,
    resume,
)
from wagtail_billing_portal.gateway import new_key
from wagtail_billing_portal.models import (
    Act,
    Invoice,
    PauseLength,
    Subscription,
    SubscriptionAct,
)
from wagtail_billing_portal.sandbox import faults


@pytest.fixture(autouse=True)
def month(db: Any) -> PauseLength:
    settings = the_settings(offer_pause=True, pause_without_end=True)
    return PauseLength.objects.create(
        settings=settings, interval="month", interval_count=1
    )


@pytest.fixture
def resting(ada, stripe_side, half_way) -> Subscription:
    """Paused for a month, three days ago."""
    confirm(ada, url("pause", half_way.pk), length="1 month")
    stripe_side.advance(days=3)
    stripe_side.deliver_all()
    return half_way


def acts() -> list[str]:
    return list(SubscriptionAct.objects.order_by("pk").values_list("act", flat=True))


def at_once(member: Any, id: str) -> tuple[BillingAccount, Subscription]:
    """What a request has read that begins before another has ended."""
    account = account_of_user(member)
    return account, account.subscription_with(id)


@pytest.mark.parametrize("kind", [faults.ERROR_BEFORE_WRITE, faults.RESET_BEFORE_WRITE])
def test_the_planned_end_stays_where_going_on_earlier_fails(
    ada, stripe_side, resting, kind
):
    page = url("resume", resting.pk)
    form = form_of(ada.get(page))
    faults.inject(kind, method="POST", path="/v1/subscription*")

    answer = words(ada.post(page, form, follow=True))

    assert not faults.current().failures
    assert "can't be reached" in answer
    assert "Your subscription is paused until" in answer
    stripe_side.advance(days=31)
    stripe_side.deliver_all()
    assert at_stripe(stripe_side, resting).status == "active"


def test_the_planned_end_stays_where_stripe_refuses(ada, stripe_side, resting):
    page = url("resume", resting.pk)
    form = form_of(ada.get(page))
    v1 = stripe_side.client.v1
    for method in v1.customers.payment_methods.list(resting.customer_id).data:
        v1.payment_methods.detach(method.id)

    ada.post(page, form)

    assert at_stripe(stripe_side, resting).status == "paused"
    assert Subscription.objects.get(pk=resting.pk).resumes_at is not None
    stripe_side.give_card(resting.customer_id)
    stripe_side.advance(days=31)
    assert at_stripe(stripe_side, resting).status == "active"


def test_a_declined_payment_waits_for_its_invoice(ada, stripe_side, resting):
    stripe_side.stop_paying(resting.customer_id)
    stripe_side.deliver_all()

    answer = confirm(ada, url("resume", resting.pk))

    assert "The payment didn't go through" in words(ada.get(answer["Location"]))
    assert Invoice.objects.filter(status="open").count() == 1
    stripe_side.settle(resting.customer_id)
    stripe_side.deliver_all()
    assert at_stripe(stripe_side, resting).status == "active"


def test_a_pause_whose_answer_was_lost_is_noted_once(ada, stripe_side, half_way):
    page = url("pause", half_way.pk)
    form = form_of(ada.get(page)) | {"length": "open"}
    faults.inject(faults.TIMEOUT_AFTER_WRITE, method="POST", path="/v1/subscriptions/*")

    ada.post(page, form)
    ada.post(page, form)

    assert at_stripe(stripe_side, half_way).status == "paused"
    assert acts() == [Act.PAUSED]


@pytest.mark.parametrize("is_planned", [True, False])
def test_a_form_that_is_sent_twice_at_once_pauses_once(
    member, stripe_side, half_way, month, is_planned
):
    two = [at_once(member, half_way.pk) for _request in range(2)]
    signed, key = preview_pause(*two[0]).signed(half_way), new_key()

    for account, subscription in two:
        length = month if is_planned else None
        pause(account, subscription, length, signed=signed, key=key)

    assert at_stripe(stripe_side, half_way).status == "paused"
    assert acts() == [Act.PAUSED]


def test_a_second_pause_is_noted_too_although_the_form_is_an_old_one(
    ada, member, stripe_side, half_way
):
    page = url("pause", half_way.pk)
    form = form_of(ada.get(page)) | {"length": "open"}

    for _time in range(2):
        ada.post(page, form)
        stripe_side.advance(seconds=5)
        two = [at_once(member, half_way.pk) for _request in range(2)]
        signed, key = preview_resume(*two[0]).signed(half_way), new_key()
        resume(*two[0], signed=signed, key=key)
        stripe_side.advance(seconds=5)

    assert acts() == [Act.PAUSED, Act.RESUMED] * 2


def test_lengths_count_from_stripes_today_though_nothing_is_to_be_billed(
    ada, member, stripe_side
):
    """Stripe refuses to preview an invoice of nothing, and says when it did."""
    counted = subscribed_to_calls(
        stripe_side,
        member,
        unit_amount=2,
        params={"billing_mode": {"type": "flexible"}},
    )
    stripe_side.advance(days=10)
    today = datetime.fromtimestamp(stripe_side.world.now, UTC)

    with watched() as cost:
        preview = preview_pause(*at_once(member, counted.pk))

    assert preview.begins == today
    assert cost.requests == ["POST /v1/invoices/create_preview"]
    assert "1 month, until" in words(ada.get(url("pause", counted.pk)))
