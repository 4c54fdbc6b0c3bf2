"""Find out what the mirror missed, and mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone

from ..gateway import account_by_alias, rows_of, stripe_for
from ..models import MirroredObject, StripeEvent
from . import inbox
from .backfill import backfill
from .families import FAMILIES
from .refresh import refresh, refresh_due
from .snapshots import digest_of

#: Stripe keeps events for thirty days.
KEPT_FOR = timedelta(days=30)
#: Events may become visible a little after their second.
OVERLAP = timedelta(hours=1)


@dataclass(frozen=True)
class Difference:
    """A row that was not as Stripe has it; it is by now."""

    family: str
    id: str


def replay_events(alias: str) -> int:
    """Store and apply the events that never reached us; returns how many were new.

    Those that nothing here acts upon were never asked for, and count for nothing.
    """
    account = account_by_alias(alias)
    newest = StripeEvent.objects.filter(stripe_account=alias).aggregate(
        newest=Max("created")
    )["newest"]
    since = int((timezone.now() - KEPT_FOR).timestamp())
    if newest is not None:
        since = max(since, newest - int(OVERLAP.total_seconds()))
    with stripe_for(alias) as client:
        listed = client.v1.events.list({"created": {"gte": since}, "limit": 100})
        missed = [
            it.data for it in rows_of(listed) if inbox.is_handled(it.data["type"])
        ]
    new = sum(inbox.store(account, event).is_new for event in reversed(missed))
    settle()
    return new


def compare_all(alias: str, *, only: Iterable[str] = ()) -> Iterator[Difference]:
    """Compare every object with Stripe's lists, mend what differs, and name it."""
    chosen = set(only) or set(FAMILIES)
    for name, family in FAMILIES.items():
        if name not in chosen:
            continue
        before = {
            row.pk: _content(row)
            for row in family.model._default_manager.on_account(alias).iterator()
        }
        seen = {walked.id for walked in backfill(alias, only=[name])}
        rows = family.model._default_manager.on_account(alias)
        for row in rows.filter(pk__in=seen).iterator():
            if before.get(row.pk) != _content(row):
                yield Difference(name, row.pk)
        for row in rows.filter(deleted_at=None).exclude(pk__in=seen).iterator():
            if _changes_on_refresh(row):
                yield Difference(name, row.pk)


def settle() -> None:
    """Empty the inbox, and fetch all that is undecided."""
    while inbox.drain().processed:
        pass
    while refresh_due():
        pass


def _changes_on_refresh(row: MirroredObject) -> bool:
    # Not in the list: deleted, detached, or never listed. Ask for it by name.
    before = (_content(row), row.deleted_at)
    fresh = refresh(row)
    return (_content(fresh), fresh.deleted_at) != before


def _content(row: MirroredObject) -> tuple[str, dict[str, Any]]:
    return digest_of(row.data), row.on_request
