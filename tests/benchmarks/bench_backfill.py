"""
Objects per second that a backfill brings, and how many calls each costs.

The sandbox answers over HTTP from another process and checks each of its answers, so
it takes its time. What a walk through the same lists takes that keeps nothing of them
is the sandbox's share; ours is to be the smaller one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from django.db import connection

from wagtail_billing_portal.gateway import complete_lists, rows_of, stripe_for
from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.mirror.families import FAMILIES

from .counting import CountingClient, talking_to
from .databases import fresh, use
from .figures import Figure, figure, typical
from .servers import slow_down
from .stream import a_large_world

EVENTS = 600
OBJECTS = 60_000 if os.environ.get("BENCH_FULL") else 6_000
ROUNDS = 1 if os.environ.get("BENCH_FULL") else 3
UNHINDERED = 10_000
CALLS = 0.011
MILLISECONDS_AWAY = 100
LOST_BY_DISTANCE = 0.2


def bench_backfill() -> Iterator[Figure]:
    """Everything, into an empty mirror; near and far from Stripe."""
    rates: list[float] = []
    bare: list[float] = []
    far: list[float] = []
    with a_large_world(EVENTS, OBJECTS) as stripe, talking_to(stripe):
        for _round in range(ROUNDS):
            rates.append(_backfilled())
            calls = len(CountingClient.asked)
            apart = sum("active_entitlements" in it for it in CountingClient.asked)
            bare.append(_walked())
            slow_down(stripe, MILLISECONDS_AWAY)
            far.append(_backfilled())
            slow_down(stripe, 0)
        brought = _rows()
    yield _figure("objects", brought, "objects")
    yield _figure("rate", typical(rates), "1/s", limit=typical(bare) / 2)
    yield _figure("walk_alone", typical(bare), "1/s")
    near = typical(rates) * (1 - LOST_BY_DISTANCE)
    yield _figure("rate_far", typical(far), "1/s", limit=near)
    yield _figure("calls", calls / brought, "1/object", limit=CALLS)
    most = (calls - apart) / brought
    yield _figure("calls_but_entitlements", most, "1/object", limit=CALLS)


def _backfilled() -> float:
    use(fresh())
    CountingClient.asked.clear()
    began = time.perf_counter()
    walked = sum(1 for _object in backfill("default", rate=UNHINDERED))
    return walked / (time.perf_counter() - began)


def _walked() -> float:
    """Through every list that the last backfill went through."""
    began, walked = time.perf_counter(), 0
    for family in FAMILIES.values():
        for scope in family.scopes("default"):
            with stripe_for("default") as client:
                for answer in rows_of(family.list(client, {"limit": 100, **scope})):
                    complete_lists(client, answer.data)
                    walked += 1
    return walked / (time.perf_counter() - began)


def _rows() -> int:
    return sum(
        family.model._default_manager.exclude(as_of=0).count()
        for family in FAMILIES.values()
    )


def _figure(name: str, value: float, unit: str, limit: float | None = None) -> Figure:
    name = f"{connection.vendor}_backfill_{name}"
    return figure(name, value, unit, limit=limit, digits=4)
