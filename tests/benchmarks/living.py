"""
A business that lives in a process of its own, in a sandbox that it has to itself.

What it does next, a burst or a single change, is chosen so that about a quarter of
the events share their second with another version of the same object, as in real
bursts.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wagtail_billing_portal.mirror.inbox import handled_events
from wagtail_billing_portal.sandbox import server
from wagtail_billing_portal.sandbox.models import StoredObject
from wagtail_billing_portal.sandbox.rendering import render
from wagtail_billing_portal.sandbox.store import public
from wagtail_billing_portal.testing import StripeSide

from .business import Business

TIED = 0.25
ACTS_A_WEEK = 25

Event = dict[str, Any]


def main(number: str) -> None:
    """An act for each line on standard input, until there are so many events."""
    server.make_tables()
    acts = lived(int(number))
    for _line in sys.stdin:
        if (events := next(acts, None)) is None:
            return
        print(json.dumps([_body_of(event) for event in events]), flush=True)


def lived(number: int) -> Iterator[list[Event]]:
    """At least ``number`` events of a business, act by act, as they happen."""
    business, news, tally = Business(StripeSide()), News(), Tally()
    acts = 0
    while tally.events < number:
        if events := list(news):
            tally.count(events)
            yield events
        if acts % ACTS_A_WEEK == ACTS_A_WEEK - 1:
            business.a_week_passes()
        business.act(in_a_burst=tally.tied_share < TIED)
        acts += 1


class News:
    """What a webhook endpoint of the portal is told, each event once."""

    def __init__(self) -> None:
        self.types, self.last = set(handled_events()), 0

    def __iter__(self) -> Iterator[Event]:
        rows = StoredObject.objects.filter(kind="event", seq__gt=self.last)
        for row in rows.order_by("seq"):
            self.last = row.seq
            if row.data["type"] in self.types:
                yield public(row.data)


@dataclass
class Tally:
    """How many events there are, and how many share their second with a sibling."""

    events: int = 0
    tied: int = 0

    @property
    def tied_share(self) -> float:
        return self.tied / self.events if self.events else 0

    def count(self, events: list[Event]) -> None:
        """Count the events of one act; no second is shared by two acts."""
        versions: dict[tuple[str, int], set[str]] = {}
        for event in events:
            versions.setdefault(_moment_of(event), set()).add(_content_of(event))
        self.events += len(events)
        self.tied += sum(len(versions[_moment_of(it)]) > 1 for it in events)


def _body_of(event: Event) -> str:
    """The body of a webhook call, indented as Stripe's are."""
    return json.dumps(json.loads(render(event)), indent=2)


def _moment_of(event: Event) -> tuple[str, int]:
    found = event["data"]["object"]
    return found.get("id") or found["customer"], event["created"]


def _content_of(event: Event) -> str:
    return json.dumps(event["data"]["object"], sort_keys=True)
