"""Processes are killed in the middle of things; nothing is lost, nothing done twice."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from multiprocessing.connection import Connection, Pipe
from typing import Any

import pytest
from django.db import connection, connections

from tests.convergence.oracle import differences
from tests.convergence.stories import Story
from wagtail_billing_portal.mirror import inbox
from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.mirror.inbox import handled_events
from wagtail_billing_portal.mirror.reconcile import settle
from wagtail_billing_portal.mirror.refresh import refresh_due
from wagtail_billing_portal.models import (
    Customer,
    EventStatus,
    KeptRequest,
    StripeEvent,
)
from wagtail_billing_portal.testing import StripeSide
from wagtail_billing_portal.webhooks import handling

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]

# `make explore` kills two hundred processes.
WORKERS = 5
ROUNDS = int(os.environ.get("KILLS", "40")) // WORKERS
LONGEST = 0.3
MONTHS = 4
# The others are applied many at a time.
WITH_EFFECTS = handled_events()[::2]


def test_killed_processes_lose_and_repeat_nothing(stripe_side, make_member):
    story = Story(stripe_side, make_member())
    chance = random.Random(7)  # noqa: S311 - a story, not a secret.
    stripe_side.deliver_all()  # What is imported late would be so in each process.
    before = set(stripe_side.delivered)
    killed, answered = 0, set(before)

    with effects():
        for round in range(ROUNDS):
            if round % max(ROUNDS // MONTHS, 1) == 0:
                live_a_month(story, round)
            events = chance.sample(stripe_side.waiting(), k=len(stripe_side.waiting()))
            workers = [
                partial(store_all if round % 2 else post_all, stripe_side, events),
                partial(repeat, inbox.drain),
                partial(repeat, inbox.drain),
                partial(repeat, refresh_due),
                partial(repeat, story.member_acts),
            ]
            for ids in killed_while_working(workers, chance.uniform(0, LONGEST)):
                answered |= ids
                killed += 1
            stripe_side.delivered |= answered

        stored = set(StripeEvent.objects.values_list("pk", flat=True))
        stripe_side.deliver_shuffled()
        settle()

    assert killed == WORKERS * ROUNDS
    assert answered <= stored
    assert not StripeEvent.objects.exclude(status=EventStatus.PROCESSED).exists()
    assert differences(stripe_side) == []
    with_effects = StripeEvent.objects.filter(type__in=WITH_EFFECTS)
    expected = with_effects.exclude(pk__in=before).values_list("pk", flat=True)
    assert effects_seen() == sorted(expected)
    assert deadlocks() == 0


def test_a_backfill_that_is_killed_goes_on_where_it_was(stripe_side):
    for n in range(230):
        stripe_side.client.v1.customers.create({"name": f"Customer {n}"})
    stripe_side.stop_clock()
    stripe_side.advance(seconds=9)
    named: set[str] = set()

    for number in (40, 20):
        connections.close_all()
        process, said = _forked(partial(walk, number))
        named |= {said.recv() for _object in range(number)}
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    rest = {it.id for it in backfill("default", only=["customer"])}

    # Two pages were let in before their first objects were named.
    assert (len(named), len(rest)) == (60, 30)
    assert not named & rest
    assert Customer.objects.existing().count() == 230
    assert differences(stripe_side) == []


def walk(number: int, said: Connection) -> None:
    """A backfill that names so many objects, and is then to be killed."""
    for n, it in enumerate(backfill("default", only=["customer"]), 1):
        said.send(it.id)
        if n == number:
            signal.pause()


def live_a_month(story: Story, n: int) -> None:
    for customer in (n, n + 1):
        story.subscribe(customer)
        story.change_card(customer)
        story.rename(customer)
    story.a_month_passes(n)
    story.staff_settles_an_invoice(n)


def post_all(
    stripe_side: StripeSide, events: list[dict[str, Any]], said: Connection
) -> None:
    """A web worker: takes events in, and says which were answered."""
    for event in events:
        if stripe_side.deliver(event) == 200:
            said.send(event["id"])


def store_all(
    stripe_side: StripeSide, events: list[dict[str, Any]], said: Connection
) -> None:
    """A web worker of a site with a queue, which leaves the rest to others."""
    for event in events:
        inbox.store(stripe_side.account, event)
        said.send(event["id"])


def repeat(work: Callable[[], Any], said: Connection) -> None:
    """A worker that never stops by itself."""
    while True:
        work()


def killed_while_working(
    workers: list[Callable[[Connection], None]], seconds: float
) -> Iterator[set[str]]:
    """Let processes work side by side and kill them; yields what each had said."""
    connections.close_all()
    children = [_forked(work) for work in workers]
    threading.Event().wait(seconds)
    for process, _said in children:
        os.kill(process, signal.SIGKILL)
    for process, said in children:
        os.waitpid(process, 0)
        yield set(_heard(said))


def _forked(work: Callable[[Connection], None]) -> tuple[int, Connection]:
    heard, said = Pipe(duplex=False)
    process = os.fork()
    if process == 0:
        try:
            work(said)
            signal.pause()
        finally:
            os._exit(1)
    said.close()
    return process, heard


def _heard(said: Connection) -> Iterator[str]:
    try:
        while said.poll():
            yield said.recv()
    except EOFError:
        return


def effects() -> ExitStack:
    """Have events leave a trace each, in the transaction that they are applied in."""
    stack = ExitStack()
    for event_type in WITH_EFFECTS:
        stack.enter_context(handling(event_type, _leave_a_trace))
    return stack


def _leave_a_trace(event: StripeEvent, row: Any) -> None:
    purpose = f"{event.pk} {random.getrandbits(64)}"
    KeptRequest.objects.create(purpose=purpose, key=json.dumps(event.type))


def effects_seen() -> list[str]:
    traces = KeptRequest.objects.filter(purpose__startswith="evt_")
    return sorted(it.purpose.split()[0] for it in traces)


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        )
        return int(cursor.fetchone()[0])
