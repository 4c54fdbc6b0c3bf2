"""Workers of django-tasks-db, on as many machines as wanted, apply what was stored."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from django.db import connection, transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tests.convergence.oracle import differences
from tests.convergence.stories import Story
from tests.scale.machine import Machine, a_machine, until
from wagtail_billing_portal.mirror import inbox
from wagtail_billing_portal.mirror.health import Health, health
from wagtail_billing_portal.models import Customer, EventStatus, StripeEvent

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WORKER = ["db_worker", "--interval=0.02", "--no-startup-delay", "--worker-id"]


@pytest.fixture(scope="module")
def machine(django_db_setup) -> Iterator[Machine]:
    with a_machine(SCALE_TASKS="database") as machine:
        yield machine


@pytest.fixture
def workers(story, machine) -> Iterator[dict[str, int]]:
    yield {name: machine.run(*WORKER, name) for name in ("one", "other")}
    machine.kill(*machine.workers)


def post_all(machine: Machine, story: Story) -> None:
    for event in story.stripe.waiting():
        assert machine.post(event) == 200
        story.stripe.delivered.add(event["id"])


def who_worked() -> set[str]:
    worked = DBTaskResult.objects.successful().values_list("worker_ids", flat=True)
    return {name for names in worked for name in names}


def who_works() -> list[str]:
    working = DBTaskResult.objects.running().values_list("worker_ids", flat=True)
    return [names[-1] for names in working]


def is_at_rest(but: str = "") -> bool:
    """Whether all is done, but what ``but`` was killed in."""
    waits = DBTaskResult.objects.filter(status=TaskResultStatus.READY).exists()
    is_idle = not waits and set(who_works()) <= {but}
    return is_idle and health() == [Health("default"), Health("uk")]


def somebody_waits_for_a_row() -> bool:
    with connection.cursor() as cursor:
        # Other databases of the server have waiting workers, too.
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted"
            " AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])


def nobody_holds(events: list[str]) -> bool:
    with transaction.atomic():
        free = StripeEvent.objects.select_for_update(skip_locked=True)
        return len(free.filter(pk__in=events)) == len(events)


def test_two_workers_share_what_the_web_server_stored(
    machine, workers, story, stripe_side
):
    for n in count():
        story.subscribe(n)
        story.rename(n)
        post_all(machine, story)
        until(is_at_rest)
        if who_worked() == workers.keys():
            break

    assert differences(stripe_side) == []
    assert not DBTaskResult.objects.failed().exists()
    # One task is for many events.
    assert DBTaskResult.objects.count() < StripeEvent.objects.count()


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(
    machine, workers, story, stripe_side
):
    post_all(machine, story)
    until(is_at_rest)
    story.rename(1)
    story.change_card(1)
    *stored, last = stripe_side.waiting()
    taken = [event["id"] for event in (*stored, last)]

    with transaction.atomic():
        list(Customer.objects.select_for_update())
        for event in stored:
            inbox.store(stripe_side.account, event)
        machine.post(last)
        until(somebody_waits_for_a_row)
        [killed] = who_works()
        machine.kill(workers[killed])
    until(lambda: nobody_holds(taken))

    waiting = StripeEvent.objects.filter(status=EventStatus.PENDING)
    assert sorted(event.pk for event in waiting) == sorted(taken)
    story.rename(2)
    post_all(machine, story)
    until(lambda: is_at_rest(but=killed))
    assert differences(stripe_side) == []
