"""The same form twice, an answer that got lost, and what changed in between."""

from __future__ import annotations

import pytest
from wagtail.models import Site

from wagtail_billing_portal.accounts import account_for
from wagtail_billing_portal.actions.customers import ensure_customer
from wagtail_billing_portal.actions.subscriptions import (
    cancel_at_period_end,
    undo_cancel,
)
from wagtail_billing_portal.exceptions import KeyReused, NotAllowed
from wagtail_billing_portal.models import Subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(stripe_side, member):
    customer = ensure_customer(member, stripe_account="default")
    stripe_side.give_card(customer.pk)
    stripe_side.subscribe(customer.pk, stripe_side.a_price())
    stripe_side.deliver_all()
    return account_for(member, site=Site.objects.get())


def test_a_form_sent_twice_says_that_it_is_done(account):
    (subscription,) = account.subscriptions
    cancel_at_period_end(account, subscription, key="k")

    with pytest.raises(NotAllowed, match="already_ending"):
        cancel_at_period_end(account, subscription, key="k")


def test_a_form_found_again_with_the_back_button_acts_on_what_there_is_now(
    account, stripe_side
):
    (subscription,) = account.subscriptions
    cancel_at_period_end(account, subscription, key="k")
    stripe_side.stop_clock(stripe_side.world.now + 60)
    undo_cancel(account, subscription, key="other")

    cancel_at_period_end(account, subscription, key="k")

    at_stripe = stripe_side.client.v1.subscriptions.retrieve(subscription.pk)
    assert at_stripe.cancel_at_period_end
    assert Subscription.objects.get().is_ending


def test_an_answer_that_got_lost_is_asked_for_again(account, stripe_side):
    (subscription,) = account.subscriptions
    before = Subscription.objects.filter(pk=subscription.pk).values().get()
    cancel_at_period_end(account, subscription, key="k")
    # The process died before it could write the answer down.
    Subscription.objects.filter(pk=subscription.pk).update(**before)
    subscription.refresh_from_db()

    cancel_at_period_end(account, subscription, key="k")

    assert Subscription.objects.get().is_ending
    changes = [
        event["data"]["previous_attributes"]
        for event in stripe_side.events("customer.subscription.updated")
    ]
    assert sum("cancel_at_period_end" in change for change in changes) == 1


def test_a_form_that_comes_back_with_other_answers_is_refused(account):
    (subscription,) = account.subscriptions
    before = Subscription.objects.filter(pk=subscription.pk).values().get()
    cancel_at_period_end(account, subscription, key="k", reason="unused")
    Subscription.objects.filter(pk=subscription.pk).update(**before)
    subscription.refresh_from_db()

    with pytest.raises(KeyReused):
        cancel_at_period_end(account, subscription, key="k", reason="other")

    assert Subscription.objects.get().is_ending
