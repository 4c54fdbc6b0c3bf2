"""Whatever the order, the repeats and the acts in between, the mirror ends right."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.convergence.oracle import differences
from tests.convergence.stories import (
    AT_STRIPE,
    BY_THE_MEMBER,
    Story,
    undone_afterwards,
)
from wagtail_billing_portal.gateway import (
    account_by_alias,
)
from wagtail_billing_portal.mirror import inbox
from wagtail_billing_portal.mirror.reconcile import (
    compare_all,
    replay_events,
    settle,
)
from wagtail_billing_portal.models import (
    Invoice,
)
from wagtail_billing_portal.testing import StripeSide
from wagtail_billing_portal.testing.stripe_side import DAY

ACTS = [
    *AT_STRIPE,
    *BY_THE_MEMBER,
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
    # Shrinking a story takes minutes, and ends in one that is hardly shorter.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
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


pytestmark = pytest.mark.django_db
