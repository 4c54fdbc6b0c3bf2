"""
Events per second over HTTP, from Stripe's call to the answer and to the row.

In each round a business at the sandbox lives on; what happened is sent to the floor
and to every kind of site, one after the other, so that all of them meet the same
machine. A site fetches from a sandbox that is as of the end of the round.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection

from .databases import fresh
from .figures import Figure, figure, quantile, typical
from .sender import FLOOR, WEBHOOK, Order, send
from .servers import Site, a_site, a_worker, held, slow_down
from .stream import a_live_stream, next_of
from .watching import Watch

WARMING = 60
ROUND = int(os.environ.get("BENCH_ROUND", "600"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SENDERS = (1, 4)
MILLISECONDS_AWAY = 100
LOST_BY_DISTANCE = 0.2
SLOWEST_ANSWER = 5


@dataclass
class Measured:
    """What came of the rounds with so many senders."""

    answered: list[float] = field(default_factory=list)
    applied: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)


@dataclass
class Target:
    """One way to take events in."""

    site: Site
    path: str = WEBHOOK
    workers: tuple[int, ...] = ()
    #: Milliseconds until Stripe answers.
    distance: int = 0
    measured: dict[int, Measured] = field(default_factory=dict)

    def take(self, order: Order) -> None:
        """Be sent a part of the stream, and time it until it is applied."""
        sent = send(replace(order, port=self.site.port, path=self.path))
        seconds = sent.seconds_busy
        if self.workers:
            with Watch(self.site.database) as watch:
                seconds = watch.wait_until_applied() - sent.began
                watch.wait_until_settled()
        found = self.measured.setdefault(order.senders, Measured())
        found.answered.append(sent.rate)
        found.applied.append(order.number / seconds)
        found.answers += sent.answers


def bench_webhooks() -> Iterator[Figure]:
    """With and without a queue, one worker and two, Stripe near and far."""
    number = WARMING + ROUNDS * ROUND * len(SENDERS)
    with (
        TemporaryDirectory(prefix="billing-bench-") as folder,
        a_live_stream(number) as (stripe, acts),
        sites(stripe) as targets,
    ):
        part = Path(folder) / "part.jsonl"
        _send_next(acts, WARMING, part, stripe, list(targets.values()), senders=1)
        for target in targets.values():
            target.measured.clear()
        for round in range(ROUNDS * len(SENDERS)):
            senders, first = SENDERS[round % len(SENDERS)], round % len(targets)
            turned = [*targets.values()][first:] + [*targets.values()][:first]
            _send_next(acts, ROUND, part, stripe, turned, senders=senders)
    for senders in SENDERS:
        yield from _figures(
            senders, {it: targets[it].measured[senders] for it in targets}
        )


@contextmanager
def sites(stripe: str) -> Iterator[dict[str, Target]]:
    """Every way to take events in, each but the floor on a site of its own."""
    with ExitStack() as open:

        def site(*, workers: int = 0, distance: int = 0) -> Target:
            database = fresh()
            made = a_site(database, stripe=stripe, has_queue=workers > 0)
            found = open.enter_context(made)
            drains = tuple(
                open.enter_context(a_worker(database, stripe=stripe))
                for _number in range(workers)
            )
            return Target(found, workers=drains, distance=distance)

        inline = site()
        yield {
            "floor": Target(inline.site, path=FLOOR),
            "inline": inline,
            "queue": site(workers=1),
            "queue_of_two": site(workers=2),
            "inline_far": site(distance=MILLISECONDS_AWAY),
            "queue_far": site(workers=1, distance=MILLISECONDS_AWAY),
        }


def _send_next(
    acts: Iterator[list[str]],
    number: int,
    part: Path,
    stripe: str,
    targets: list[Target],
    *,
    senders: int,
) -> None:
    bodies = next_of(acts, number)
    part.write_text("".join(f"{json.dumps(body)}\n" for body in bodies))
    order = Order(str(part), 0, len(bodies), senders=senders)
    everybody = {process for target in targets for process in target.workers}
    for target in targets:
        slow_down(stripe, target.distance)
        with held(*everybody - set(target.workers)):
            target.take(order)
    slow_down(stripe, 0)


def _figures(senders: int, found: dict[str, Measured]) -> Iterator[Figure]:
    def rate(name: str, of: str, what: str, limit: float | None = None) -> Figure:
        value = typical(getattr(found[of], what))
        return figure(_named(name, senders), value, "1/s", limit=limit)

    floor = typical(found["floor"].answered)
    inline, queue = (typical(found[it].applied) for it in ("inline", "queue"))
    answered = typical(found["queue"].answered)
    far = 1 - LOST_BY_DISTANCE
    yield rate("floor", "floor", "answered")
    yield rate("inline_applied", "inline", "applied", floor * 2 / 3)
    yield rate("inline_far_applied", "inline_far", "applied", inline * far)
    yield rate("queue_answered", "queue", "answered", floor)
    yield rate("queue_far_answered", "queue_far", "answered", answered * far)
    yield rate("queue_applied", "queue", "applied", floor)
    yield rate("queue_of_two_applied", "queue_of_two", "applied", queue)
    yield rate("queue_far_applied", "queue_far", "applied", queue * far)
    for name in ("floor", "inline", "inline_far", "queue", "queue_far"):
        yield from _answers(name, senders, found[name].answers)


def _answers(name: str, senders: int, seconds: list[float]) -> Iterator[Figure]:
    middle, slow = (quantile(seconds, share) * 1000 for share in (0.5, 0.99))
    limit = None if name == "floor" else SLOWEST_ANSWER * middle
    yield figure(_named(f"{name}_p50", senders), middle, "ms")
    yield figure(_named(f"{name}_p99", senders), slow, "ms", limit=limit)


def _named(name: str, senders: int) -> str:
    who = "1_sender" if senders == 1 else f"{senders}_senders"
    return f"{connection.vendor}_webhook_{name}_{who}"
