"""Whatever the order, the repeats and the acts in between, the mirror ends right."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Site

from wagtail_billing_portal.accounts import account_for
from wagtail_billing_portal.actions.subscriptions import (
    cancel_at_period_end,
    undo_cancel,
)
from wagtail_billing_portal.exceptions import BillingError
from wagtail_billing_portal.gateway import (
    account_by_alias,
    answer_of,
    complete_lists,
    new_key,
)
from wagtail_billing_portal.mirror import inbox
from wagtail_billing_portal.mirror.families import FAMILIES
from wagtail_billing_portal.mirror.ingest import ingest
from wagtail_billing_portal.mirror.reconcile import (
    compare_all,
    replay_events,
    settle,
)
from wagtail_billing_portal.mirror.snapshots import canonical, digest_of
from wagtail_billing_portal.models import (
    Customer,
    CustomerAccess,
    Invoice,
    Subscription,
)
from wagtail_billing_portal.sandbox import clock
from wagtail_billing_portal.testing import StripeSide
from wagtail_billing_portal.testing.stripe_side import DAY

NEW_YEAR = 1_767_225_600
GOOD_CARD, BAD_CARD = "pm_card_visa", "pm_card_chargeCustomerFail"


class Story:
    """Two customers, what happens to them, and a member who is one of them."""

    def __init__(self, stripe_side: StripeSide, member: AbstractBaseUser) -> None:
        self.stripe = stripe_side
        if not clock.is_frozen(stripe_side.world.account):
            stripe_side.stop_clock(NEW_YEAR)
        self.prices = [stripe_side.a_price(500), stripe_side.a_price(1200)]
        self.customers = [stripe_side.a_customer(email=f"{n}@x.test") for n in "ab"]
        self.member = member
        answer = answer_of(stripe_side.client.v1.customers.retrieve(self.customers[0]))
        ingest(answer.data, account="default", as_of=answer.as_of)
        CustomerAccess.objects.create(
            user_id=member.pk,
            customer_id=self.customers[0],
            stripe_account="default",
            is_own=True,
        )

    def rename(self, n: int) -> None:
        customer = self.customers[n % 2]
        self.stripe.client.v1.customers.update(customer, {"name": f"Name {n % 3}"})

    def change_card(self, n: int) -> None:
        card = BAD_CARD if n % 3 == 0 else GOOD_CARD
        self.stripe.give_card(self.customers[n % 2], card)

    def subscribe(self, n: int) -> None:
        self.stripe.subscribe(self.customers[n % 2], self.prices[n % 2])

    def staff_cancels(self, n: int) -> None:
        v1 = self.stripe.client.v1
        for subscription in self._running()[:1]:
            if n % 3 == 0:
                v1.subscriptions.cancel(subscription)
            else:
                flag = n % 3 == 1
                v1.subscriptions.update(subscription, {"cancel_at_period_end": flag})

    def member_cancels(self, n: int) -> None:
        self._member_acts(cancel_at_period_end)

    def member_goes_on(self, n: int) -> None:
        self._member_acts(undo_cancel)

    def staff_settles_an_invoice(self, n: int) -> None:
        v1 = self.stripe.client.v1
        for invoice in v1.invoices.list({"status": "open", "limit": 1}).data:
            if n % 2:
                v1.invoices.void_invoice(invoice.id)
            else:
                v1.invoices.pay(invoice.id, {"payment_method": "pm_card_visa"})

    def time_passes(self, n: int) -> None:
        self.stripe.advance(seconds=n % 3)

    def a_month_passes(self, n: int) -> None:
        self.stripe.advance(days=31)

    def some_events_arrive(self, n: int) -> None:
        waiting = self.stripe.waiting()
        for event in waiting[n % 4 :: 2] + waiting[:1]:
            self.stripe.deliver(event)

    def _running(self) -> list[str]:
        listed = self.stripe.client.v1.subscriptions.list({"status": "active"})
        return [subscription.id for subscription in listed.data]

    def _member_acts(self, act: Callable[..., Subscription]) -> None:
        account = account_for(self.member, site=Site.objects.get())
        for subscription in account.current_subscriptions[:1]:
            try:
                act(account, subscription, key=new_key())
            except BillingError:
                return  # Refused, because the mirror was late; it knows better now.


ACTS = [
    Story.rename,
    Story.change_card,
    Story.subscribe,
    Story.staff_cancels,
    Story.member_cancels,
    Story.member_goes_on,
    Story.staff_settles_an_invoice,
    Story.time_passes,
    Story.time_passes,
    Story.a_month_passes,
    Story.some_events_arrive,
    Story.some_events_arrive,
]


@given(
    acts=st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 11)), min_size=3, max_size=14
    ),
    seed=st.integers(0, 10_000),
    twice=st.booleans(),
    in_bulk=st.booleans(),
)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_order_ends_in_the_state_of_the_sandbox(
    make_member: Any,
    stripe_side: StripeSide,
    acts: Any,
    seed: int,
    twice: bool,
    in_bulk: bool,
) -> None:
    with undone_afterwards():
        stripe_side.delivered.clear()
        story = Story(stripe_side, make_member())

        for act, n in acts:
            act(story, n)
        if in_bulk:
            wait_in_line(stripe_side, seed=seed)
        stripe_side.deliver_shuffled(seed=seed, twice=twice)
        settle()

        assert differences(stripe_side) == []


def test_events_that_never_arrive_are_made_up_for(stripe_side, make_member):
    # Stripe keeps events for thirty days, so the story is a recent one.
    stripe_side.stop_clock(int(time.time()) - 20 * DAY)
    story = Story(stripe_side, make_member())
    story.subscribe(0)
    story.subscribe(1)
    story.staff_cancels(1)

    for event in stripe_side.waiting()[::4]:
        stripe_side.deliver(event)
    replay_events("default")

    assert Invoice.objects.count() == 2
    assert differences(stripe_side) == []


def test_a_full_comparison_finds_and_mends_what_events_cannot_tell(
    stripe_side, make_member
):
    story = Story(stripe_side, make_member())
    story.subscribe(0)
    stripe_side.deliver_all()
    story.a_month_passes(0)

    found = {difference.family for difference in compare_all("default")}

    assert {"subscription", "invoice"} <= found
    assert differences(stripe_side) == []
    assert not list(compare_all("default"))


def wait_in_line(stripe_side: StripeSide, *, seed: int) -> None:
    """Bring all events but a few to the inbox, to be drained many at a time."""
    waiting = stripe_side.waiting()
    random.Random(seed).shuffle(waiting)  # noqa: S311 - an order, not a secret.
    for event in waiting[3:]:
        inbox.store(account_by_alias("default"), event)
        stripe_side.lose(event)


def differences(stripe_side: StripeSide) -> list[str]:
    """Every mirrored row that is not what the sandbox has, in words."""
    found = []
    for model in (Customer, Subscription, Invoice):
        family = FAMILIES[model.stripe_object]
        for row in model.objects.all():
            answer = answer_of(family.retrieve(stripe_side.client, row.pk))
            complete_lists(stripe_side.client, answer.data)
            expected, _expanded = canonical(answer.data, family)
            if row.needs_refresh:
                found.append(f"{row.pk} still waits for a refresh")
            elif digest_of(row.data) != digest_of(expected):
                unequal = [k for k in expected if expected[k] != row.data.get(k)]
                found.append(f"{row.pk} ({row.as_of}) differs in {unequal}")
    listed = stripe_side.client.v1.subscriptions.list({"status": "all", "limit": 100})
    known = set(Subscription.objects.values_list("pk", flat=True))
    found += [f"{it.id} is missing" for it in listed.data if it.id not in known]
    return found


@contextmanager
def undone_afterwards() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


pytestmark = pytest.mark.django_db
