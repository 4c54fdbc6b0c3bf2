"""Find out what the mirror missed, and mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db.models import Max
from django.utils import timezone

from ..exceptions import StripeRefused
from ..gateway import Answer, StripeAccount, account_by_alias, rows_of, stripe_for
from ..models import EventStatus, MirroredObject, StripeEvent
from . import inbox
from .backfill import backfill
from .families import FAMILIES
from .ingest import ForeignObject
from .refresh import refresh, refresh_due
from .snapshots import digest_of

#: Stripe keeps events for thirty days.
KEPT_FOR = timedelta(days=30)
#: One that was lost while later ones came is found by every run within a day.
OVERLAP = timedelta(days=1)


@dataclass(frozen=True)
class Difference:
    """A row that was not as Stripe has it; it is by now, unless there is a ``refusal``."""

    family: str
    id: str
    #: Why it could not be mended, in a sentence.
    refusal: str = ""


def replay_events(alias: str, *, since: int = 0) -> int:
    """Store and apply the events that never reached us; returns how many were new.

    Looks at those since ``since``, or else since a day before the newest that did; an
    event that was lost earlier while later ones came is found by the former only.
    Those that nothing here acts upon were never asked for, and count for nothing.
    """
    account = account_by_alias(alias)
    since = max(
        since or _newest(alias) - int(OVERLAP.total_seconds()),
        int((timezone.now() - KEPT_FOR).timestamp()),
    )
    with stripe_for(alias) as client:
        listed = client.v1.events.list({"created": {"gte": since}, "limit": 100})
        missed = [_as_sent(it, account) for it in _unknown(rows_of(listed))]
    new = sum(inbox.store(account, event).is_new for event in reversed(missed))
    settle(stripe_account=alias)
    return new


def _unknown(answers: Iterable[Answer]) -> Iterator[dict[str, Any]]:
    """Those of many events that are to be handled and never came."""
    handled = (it.data for it in answers if inbox.is_handled(it.data["type"]))
    while some := list(islice(handled, 100)):
        ids = [event["id"] for event in some]
        known = StripeEvent.objects.filter(pk__in=ids).values_list("pk", flat=True)
        came = set(known)
        yield from (event for event in some if event["id"] not in came)


def _newest(alias: str) -> int:
    """When the last event that reached us and was ours happened."""
    ours = StripeEvent.objects.filter(stripe_account=alias)
    known = ours.exclude(status=EventStatus.IGNORED)
    return known.aggregate(newest=Max("created"))["newest"] or 0


def compare_all(alias: str, *, only: Iterable[str] = ()) -> Iterator[Difference]:
    """Compare every object with Stripe's lists, mend what differs, and name it."""
    chosen = set(only) or set(FAMILIES)
    for name, family in FAMILIES.items():
        if name not in chosen:
            continue
        rows = family.model._default_manager.on_account(alias)
        before = {row.pk: _content(row) for row in rows.iterator()}
        seen: set[str] = set()
        # From the beginning, whatever another walk has left: all of it is compared.
        for walked in backfill(alias, only=[name], restart=True):
            seen.add(walked.id)
            if walked.refusal:
                yield Difference(walked.family, walked.id, walked.refusal)
        _fetch_undecided(stripe_account=alias)
        unseen = []
        for row in rows.iterator():
            if row.pk not in seen:
                unseen.append(row)
            elif before.get(row.pk) != _content(row):
                yield Difference(name, row.pk)
        yield from filter(None, map(_on_refresh, unseen))


def settle(**which: Any) -> None:
    """Empty the inbox, and fetch all that is undecided; ``which`` names an account."""
    while inbox.drain(**which).processed:
        pass
    _fetch_undecided(**which)


def _fetch_undecided(**which: Any) -> None:
    while refresh_due(**which):
        pass


def _as_sent(event: dict[str, Any], account: StripeAccount) -> dict[str, Any]:
    """An event as a webhook would bring it: Stripe lists it without its account."""
    if account.connected_account is None:
        return event
    return {**event, "account": account.connected_account}


def _on_refresh(row: MirroredObject) -> Difference | None:
    # Not in the list: deleted, detached, or never listed. Ask for it by name.
    if row.deleted_at is not None:
        return None
    before = _content(row)
    try:
        fresh = refresh(row)
    except (StripeRefused, ForeignObject) as error:
        return Difference(row.stripe_object, row.pk, str(error))
    if (_content(fresh), fresh.deleted_at) == (before, None):
        return None
    return Difference(row.stripe_object, row.pk)


def _content(row: MirroredObject) -> tuple[str, dict[str, Any]]:
    return digest_of(row.data), row.on_request
