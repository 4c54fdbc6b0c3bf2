"""The orders in which networks bring events, while Stripe answers or does not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from threading import Lock, Thread
from typing import Any

import pytest
import stripe
from django.db import connection

from tests.convergence.oracle import differences
from tests.convergence.stories import DELETIONS, Story, undone_afterwards
from wagtail_billing_portal.mirror import inbox
from wagtail_billing_portal.mirror.families import FAMILIES
from wagtail_billing_portal.mirror.reconcile import settle
from wagtail_billing_portal.sandbox import faults
from wagtail_billing_portal.sandbox.signals import answer_held_up

Events = list[dict[str, Any]]


def within_eight(events: Events, chance: random.Random) -> Events:
    windows = [events[start : start + 8] for start in range(0, len(events), 8)]
    return [it for window in windows for it in chance.sample(window, len(window))]


def a_fifth_last(events: Events, chance: random.Random) -> Events:
    older = events[: len(events) // 2]
    late = chance.sample(older, len(events) // 5)
    return [it for it in events if it not in late] + late


def by_object(events: Events, chance: random.Random) -> Events:
    return sorted(events, key=lambda it: it["data"]["object"].get("id", ""))


def children_first(events: Events, chance: random.Random) -> Events:
    return sorted(events, key=lambda it: it["data"]["object"]["object"] == "customer")


def bursts_turned_round(events: Events, chance: random.Random) -> Events:
    turned = enumerate(events)
    return [it for _, it in sorted(turned, key=lambda at: (at[1]["created"], -at[0]))]


ORDERS: dict[str, Callable[[Events, random.Random], Events]] = {
    "in order": lambda events, chance: events,
    "each twice": lambda events, chance: [it for it in events for _ in "ab"],
    "all, and all again": lambda events, chance: events * 2,
    "reordered within eight": within_eight,
    "shuffled": lambda events, chance: chance.sample(events, len(events)),
    "backwards": lambda events, chance: events[::-1],
    "a fifth of the older last": a_fifth_last,
    "object by object": by_object,
    "children first": children_first,
    "each second backwards": bursts_turned_round,
}

UNREACHABLE = faults.Faults(
    failures=(faults.Failure("error_before_write", method="GET", times=10_000),)
)
#: So many answers are out of date when they arrive.
CHANGES = 6
LATE = faults.Faults(
    failures=(faults.Failure("late_after_write", method="GET", times=10_000),)
)


@contextmanager
def unreachable(story: Story) -> Iterator[None]:
    with faults.during(UNREACHABLE):
        yield


@contextmanager
def lagging(story: Story) -> Iterator[None]:
    """What Stripe is asked for changes before its answer arrives, in another second.

    Every other time the change is told of before that, and else at the very end.
    """
    stripe_side, busy, asked = story.stripe, Lock(), []
    known = {event["id"] for event in stripe_side.waiting()}

    def news() -> Events:
        return [it for it in stripe_side.waiting() if it["id"] not in known]

    def change(path: str, **about: Any) -> None:
        if len(asked) == CHANGES or not busy.acquire(blocking=False):
            return  # Enough is enough; and so it is when asked because of a change.
        asked.append(path)
        with suppress(stripe.InvalidRequestError):
            note: Any = {"asked": str(len(asked))}
            stripe_side.client.raw_request("post", path, metadata=note)
        stripe_side.advance(seconds=1)
        for event in news() if len(asked) % 2 else []:
            stripe_side.lose(event)
            inbox.store_and_apply(stripe_side.account, event)
        busy.release()

    answer_held_up.connect(change)
    try:
        with faults.during(LATE):
            yield
    finally:
        answer_held_up.disconnect(change)
    assert asked
    for event in news():
        stripe_side.deliver(event)


APIS: dict[str, Callable[[Story], AbstractContextManager[None]]] = {
    "prompt": lambda story: nullcontext(),
    "lagging": lagging,
    "unreachable": unreachable,
}


@pytest.fixture
def story(stripe_side, make_member, settings) -> Story:
    # Stripe that is out of reach is not asked again and again.
    settings.WAGTAIL_BILLING_PORTAL = {
        **settings.WAGTAIL_BILLING_PORTAL,
        "MAX_NETWORK_RETRIES": 0,
    }
    story = Story(stripe_side, make_member())
    for n in (0, 1, 3):
        story.subscribe(n)
        story.change_card(n)
        story.rename(n)
        story.staff_cancels(n)
    story.a_month_passes(0)
    story.staff_settles_an_invoice(0)
    for n, act in enumerate(DELETIONS):
        act(story, n)
    return story


@pytest.mark.django_db
@pytest.mark.parametrize("api", APIS)
def test_no_row_is_wrong_at_the_end(stripe_side, story, api):
    happened = stripe_side.waiting()
    wrong = {}

    for order, arranged in ORDERS.items():
        with undone_afterwards():
            with APIS[api](story):
                for event in arranged(happened, random.Random(5)):  # noqa: S311
                    assert stripe_side.deliver(event) == 200
            come_due()
            settle()
            wrong[order] = differences(stripe_side)

    assert wrong == dict.fromkeys(ORDERS, [])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("api", APIS)
def test_no_row_is_wrong_when_four_bring_each_event_at_once(stripe_side, story, api):
    events = stripe_side.waiting()

    with APIS[api](story):
        senders = [Thread(target=_send, args=(stripe_side, events)) for _ in "abcd"]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join(timeout=120)
    come_due()
    settle()

    assert differences(stripe_side) == []


def _send(stripe_side: Any, events: Events) -> None:
    try:
        for event in events:
            stripe_side.deliver(event)
    finally:
        connection.close()


def come_due() -> None:
    """Let the pause after a failed fetch be over."""
    for family in FAMILIES.values():
        family.model.objects.update(refresh_after=None)
