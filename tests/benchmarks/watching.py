"""How far a site at work has come, seen in its database by somebody else."""

from __future__ import annotations

import sqlite3
import time
from typing import Any, Self

import psycopg

from wagtail_billing_portal.mirror.families import FAMILIES
from wagtail_billing_portal.models import StripeEvent

from .databases import SQLITE

OFTEN = 0.005
LONGEST = 60

WAITING = f"SELECT count(*) FROM {StripeEvent._meta.db_table} WHERE status = 'pending'"  # noqa: S608
UNDECIDED = " UNION ALL ".join(
    f"SELECT count(*) FROM {family.model._meta.db_table} WHERE needs_refresh"  # noqa: S608
    for family in FAMILIES.values()
)


class Watch:
    """A connection to the database of a site."""

    def __init__(self, address: str) -> None:
        self.connection: Any
        if address.startswith(SQLITE):
            self.connection = sqlite3.connect(address.removeprefix("sqlite:///"))
        else:
            self.connection = psycopg.connect(address, autocommit=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.connection.close()

    def waiting(self) -> int:
        """How many events are stored and not applied."""
        return self._sum(WAITING)

    def undecided(self) -> int:
        """How many rows are to be fetched from Stripe."""
        return self._sum(UNDECIDED)

    def wait_until_applied(self) -> float:
        """Wait until no event waits; the Unix time of that."""
        until = time.monotonic() + LONGEST
        while self.waiting():
            if time.monotonic() > until:
                raise TimeoutError(f"{self.waiting()} events are still waiting.")
            time.sleep(OFTEN)
        return time.time()

    def wait_until_settled(self, longest: float = 3) -> int:
        """Wait until all is fetched, but not for ever; how much is left."""
        until = time.monotonic() + longest
        while (left := self.undecided()) and time.monotonic() < until:
            time.sleep(OFTEN)
        return left

    def _sum(self, query: str) -> int:
        return sum(count for (count,) in self.connection.execute(query).fetchall())
