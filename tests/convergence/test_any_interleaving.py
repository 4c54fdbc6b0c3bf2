"""Stripe, its messenger, the workers and a member, each at any time, in any order."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack, suppress
from typing import Any, ClassVar

import pytest
import stripe
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.convergence.oracle import differences
from tests.convergence.stories import (
    AT_STRIPE,
    BY_THE_MEMBER,
    Story,
    undone_afterwards,
)
from wagtail_billing_portal.mirror import inbox, refresh
from wagtail_billing_portal.mirror.reconcile import compare_all, settle
from wagtail_billing_portal.sandbox import chaos
from wagtail_billing_portal.testing import StripeSide

#: Thousands of steps on demand: ``MIRROR_STEPS=10000``.
STEPS = int(os.environ.get("MIRROR_STEPS", "240"))
STEPS_IN_A_STORY = 40
OLDER = "2024-06-20"

numbers = st.integers(0, 11)
anywhere = st.integers(0, 99)


class World(RuleBasedStateMachine):
    """Two customers of a sandbox, and a mirror that hears of them by chance."""

    stripe_side: ClassVar[StripeSide]
    member: ClassVar[Any]

    def __init__(self) -> None:
        super().__init__()
        self.undoing = ExitStack()
        self.undoing.enter_context(undone_afterwards())
        self.stripe_side.delivered.clear()
        self.story = Story(self.stripe_side, self.member)
        self.is_any_lost = False

    @rule(act=st.sampled_from(AT_STRIPE), n=numbers)
    def something_happens_at_stripe(self, act: Any, n: int) -> None:
        # Stripe, too, refuses what makes no sense.
        with suppress(stripe.InvalidRequestError, stripe.CardError):
            act(self.story, n)

    @rule(act=st.sampled_from(BY_THE_MEMBER), n=numbers)
    def the_member_acts(self, act: Any, n: int) -> None:
        act(self.story, n)

    @rule(seconds=st.integers(0, 2))
    def seconds_pass(self, seconds: int) -> None:
        self.stripe_side.advance(seconds=seconds)

    @rule()
    def a_month_passes(self) -> None:
        self.stripe_side.advance(days=31)

    @rule(which=anywhere, often=st.integers(1, 3))
    def an_event_arrives(self, which: int, often: int) -> None:
        for event in self._one_that_waits(which):
            for _time in range(often):
                assert self.stripe_side.deliver(event) == 200

    @rule(which=anywhere)
    def an_event_arrives_again(self, which: int) -> None:
        if known := sorted(self.stripe_side.delivered):
            events = self.stripe_side.client.v1.events
            found = events.retrieve(known[which % len(known)])
            self.stripe_side.deliver(found.to_dict(for_json=True))

    @rule(which=anywhere)
    def an_event_arrives_in_an_older_version(self, which: int) -> None:
        for event in self._one_that_waits(which):
            self.stripe_side.lose(event)
            body = chaos.older(json.dumps(event), OLDER)
            assert self.stripe_side.post(body) == 200

    @rule(which=anywhere)
    def an_event_waits_for_a_worker(self, which: int) -> None:
        for event in self._one_that_waits(which):
            self.stripe_side.lose(event)
            inbox.store(self.stripe_side.account, event)

    @rule(which=anywhere)
    def an_event_is_lost(self, which: int) -> None:
        for event in self._one_that_waits(which):
            self.stripe_side.lose(event)
            self.is_any_lost = True

    @rule(limit=st.integers(1, 5))
    def a_worker_applies_some(self, limit: int) -> None:
        inbox.drain(limit=limit)

    @rule(limit=st.integers(1, 3))
    def a_worker_fetches_some(self, limit: int) -> None:
        refresh.refresh_due(limit=limit)

    def teardown(self) -> None:
        with self.undoing:
            self.stripe_side.deliver_shuffled(seed=len(self.stripe_side.delivered))
            settle()
            if self.is_any_lost:
                list(compare_all(self.stripe_side.alias))
            assert differences(self.stripe_side) == []

    def _one_that_waits(self, which: int) -> list[dict[str, Any]]:
        waiting = self.stripe_side.waiting()
        return [waiting[which % len(waiting)]] if waiting else []


@pytest.mark.django_db
def test_whatever_happens_when_the_mirror_ends_as_stripe(stripe_side, make_member):
    World.stripe_side, World.member = stripe_side, make_member()

    run_state_machine_as_test(
        World,
        settings=settings(
            max_examples=max(1, STEPS // STEPS_IN_A_STORY),
            stateful_step_count=STEPS_IN_A_STORY,
            deadline=None,
            # Shrinking a story that takes a second to live through takes minutes.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
