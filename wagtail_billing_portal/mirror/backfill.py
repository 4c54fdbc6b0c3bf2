"""Walk Stripe's lists into the mirror, a page in a transaction."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from ..exceptions import StripeUnavailable
from ..gateway import Answer, complete_lists, rows_of_page, stripe_for
from ..models import BackfillProgress
from .arrivals import Arrival
from .families import FAMILIES
from .family import Family, Json
from .foreign import ingest_what_may

PAGE = 100
#: Requests a second; Stripe takes 25 in test mode and 100 in live mode, of everybody.
RATE = 20
#: How long to wait, in seconds, when Stripe asks for it or is out of reach.
PATIENCE = (1, 2, 4, 8, 16, 32)


@dataclass(frozen=True)
class Walked:
    """One object that a backfill let in, unless there is a ``refusal``."""

    family: str
    id: str
    #: Why it had to stay out, in a sentence.
    refusal: str = ""


#: Seconds whose requests may go out at once: Stripe counts what comes within one.
AT_ONCE = 0.25


@dataclass
class Pace:
    """Lets so many requests a second through on average, and waits before any more.

    What was not asked for lately may be asked for at once, a few requests.
    """

    rate: float = RATE
    _next: float = field(default=-math.inf, init=False)

    def keep(self) -> None:
        """Call before each request."""
        now = time.monotonic()
        its_time = max(now - AT_ONCE, self._next)
        if its_time > now:
            time.sleep(its_time - now)
        self._next = its_time + 1 / self.rate


def backfill(
    alias: str,
    *,
    only: Iterable[str] = (),
    since: int = 0,
    rate: float = RATE,
    restart: bool = False,
) -> Iterator[Walked]:
    """Let every object of the account in, family by family; yields each as it goes.

    ``only`` names families (Stripe's ``object``), ``since`` is Unix seconds: nothing
    created before is asked for. Safe to run twice, and at the same time: older content
    never wins. A run that was stopped goes on where it was, unless ``restart`` is true.
    What is another account's by its id stays out, and the walk goes on. Raises
    ``StripeUnavailable`` when Stripe stays out of reach for more than a minute.
    """
    chosen, pace = set(only) or set(FAMILIES), Pace(rate)
    for name, family in FAMILIES.items():
        if name in chosen:
            yield from _Walk(alias, family, since, pace).objects(restart=restart)


def listed(alias: str, family: Family) -> Iterator[list[Answer]]:
    """Stripe's lists of one family, page by page, as a backfill would read them."""
    walk = _Walk(alias, family, 0, Pace())
    for scope in family.scopes(alias):
        after, has_more = "", True
        while has_more:
            answers, has_more = walk.page(scope, after)
            yield answers
            after = answers[-1].data["id"] if answers else ""


class _Walk:
    """One family's lists, and how far they are."""

    def __init__(self, alias: str, family: Family, since: int, pace: Pace) -> None:
        self.alias, self.family, self.pace = alias, family, pace
        self.since = since if family.lists_by_creation else 0

    def objects(self, *, restart: bool) -> Iterator[Walked]:
        mine = BackfillProgress.objects.filter(
            stripe_account=self.alias, family=self.family.name, since=self.since
        )
        if restart:
            mine.delete()
        progress = mine.first()
        is_resumed = progress is not None
        progress = progress or BackfillProgress(
            stripe_account=self.alias,
            family=self.family.name,
            since=self.since,
        )
        yield from self._rest(progress)
        mine.delete()
        if is_resumed and self.family.lists_by_creation:
            # What was created since the first attempt stands before its beginning.
            newer = _Walk(self.alias, self.family, progress.began_at, self.pace)
            yield from newer.objects(restart=True)

    def _rest(self, progress: BackfillProgress) -> Iterator[Walked]:
        is_behind = bool(progress.scope)
        for scope in self.family.scopes(self.alias):
            if is_behind and scope != progress.scope:
                continue
            if not is_behind and scope != progress.scope:
                progress.scope, progress.after = scope, ""
            is_behind = False
            yield from self._pages(scope, progress)

    def _pages(self, scope: Json, progress: BackfillProgress) -> Iterator[Walked]:
        has_more = True
        while has_more:
            answers, has_more = self.page(scope, progress.after)
            arrivals = self._arrivals(answers)
            if answers:
                progress.after = answers[-1].data["id"]
                progress.began_at = progress.began_at or _asked_in(answers[0])
            with transaction.atomic():
                refused = ingest_what_may(arrivals, account=self.alias)
                _keep(progress)
            for arrival in arrivals:
                if arrival.key not in refused:
                    yield Walked(self.family.name, arrival.raw["id"])
            for (name, id), reason in refused.items():
                yield Walked(name, id, reason)

    def _arrivals(self, answers: list[Answer]) -> list[Arrival]:
        unwanted = {
            it.data["id"] for it in answers if not self.family.is_wanted(it.data)
        }
        if unwanted:
            rows = self.family.model._default_manager.filter(pk__in=unwanted)
            unwanted -= set(rows.values_list("pk", flat=True))
        return [
            Arrival(it.data, as_of=it.as_of, since=it.since, is_full=True)
            for it in answers
            if it.data["id"] not in unwanted
        ]

    def page(self, scope: Json, after: str) -> tuple[list[Answer], bool]:
        """One page of a list, however long it takes, and whether there are more."""
        params: dict[str, Any] = {"limit": PAGE, **scope}
        if after:
            params["starting_after"] = after
        if self.since:
            params["created"] = {"gte": self.since}
        for pause in (*PATIENCE, None):
            self.pace.keep()
            try:
                return self._fetched(params)
            except StripeUnavailable:
                if pause is None:
                    raise
                time.sleep(pause)
        raise AssertionError

    def _fetched(self, params: dict[str, Any]) -> tuple[list[Answer], bool]:
        with stripe_for(self.alias) as client:
            page = self.family.list(client, params)
            answers = rows_of_page(page)
            for answer in answers:
                complete_lists(client, answer.data)
            return answers, bool(page.has_more)


def _asked_in(answer: Answer) -> int:
    return answer.as_of if answer.since is None else answer.since


def _keep(progress: BackfillProgress) -> None:
    """Write down how far the walk is; another one at the same time may be elsewhere.

    Whichever is kept, all before it is in, by one of them.
    """
    BackfillProgress.objects.bulk_create(
        [progress],
        update_conflicts=True,
        unique_fields=["stripe_account", "family", "since"],
        update_fields=["scope", "after", "began_at"],
    )
