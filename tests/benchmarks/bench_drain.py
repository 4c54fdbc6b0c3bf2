"""Events per second that one, two and four workers apply, from a full inbox."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from django.db import connection
from django_tasks_db import DatabaseBackend

from wagtail_billing_portal.gateway import account_by_alias
from wagtail_billing_portal.mirror import inbox
from wagtail_billing_portal.tasks import drain_inbox

from .databases import fresh, use
from .figures import Figure, figure, typical
from .servers import a_worker, held
from .stream import a_live_stream, next_of
from .watching import Watch

WORKERS = (1, 2, 4)
WARMING = 60
ROUND = int(os.environ.get("BENCH_DRAIN_ROUND", "800"))
ROUNDS = int(os.environ.get("BENCH_DRAIN_ROUNDS", "3"))


@dataclass
class Team:
    """Workers of one database."""

    database: str
    workers: list[int]
    rates: list[float] = field(default_factory=list)

    def drain(self, bodies: list[str]) -> None:
        """Empty a full inbox, from the moment in which there is a task for each."""
        use(self.database)
        account = account_by_alias("default")
        for body in bodies:
            inbox.store(account, json.loads(body))
        queue = DatabaseBackend(alias="default", params={})
        began = time.time()
        for _worker in self.workers:
            queue.enqueue(drain_inbox, [], {})
        with Watch(self.database) as watch:
            self.rates.append(len(bodies) / (watch.wait_until_applied() - began))
            watch.wait_until_settled()


def bench_drain() -> Iterator[Figure]:
    """The same events to each team, one after the other."""
    number = WARMING + ROUNDS * ROUND
    with a_live_stream(number) as (stripe, acts), teams_of(stripe) as teams:
        for size in [WARMING] + ROUNDS * [ROUND]:
            bodies = next_of(acts, size)
            for team in teams.values():
                others = [it for it in teams.values() if it is not team]
                # Whoever waits for a task would cost the others something, too.
                with held(*(worker for it in others for worker in it.workers)):
                    team.drain(bodies)
    found = {size: typical(team.rates[1:]) for size, team in teams.items()}
    yield _figure(1, found[1])
    # Whoever hires a second worker must not be slower for it.
    yield _figure(2, found[2], limit=found[1])
    yield _figure(4, found[4], limit=found[1])


@contextmanager
def teams_of(stripe: str) -> Iterator[dict[int, Team]]:
    """A team of each size, each on a database of its own."""
    with ExitStack() as open:
        teams = {}
        for size in WORKERS:
            database = fresh()
            workers = [a_worker(database, stripe=stripe) for _number in range(size)]
            teams[size] = Team(database, [open.enter_context(it) for it in workers])
        yield teams


def _figure(workers: int, rate: float, limit: float | None = None) -> Figure:
    who = "1_worker" if workers == 1 else f"{workers}_workers"
    return figure(f"{connection.vendor}_drain_{who}", rate, "1/s", limit=limit)
