"""Events wait here between Stripe's call and their effect on the mirror."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ..gateway import API_VERSION, StripeAccount
from ..models import EventStatus, StripeEvent
from ..webhooks.registry import events_with_handlers, handlers_of
from . import single
from .arrivals import Arrival
from .families import FAMILIES, mirrored_events
from .family import Family
from .ingest import Entered, ingest_all

logger = logging.getLogger("wagtail_billing_portal.inbox")

#: After so many failures only a person tries again.
MOST_ATTEMPTS = 10
#: So many events are applied in one transaction.
BATCH = 100
FAILURE = "Event %s failed, attempt %s."
#: What an attempt to apply an event leaves on it.
OUTCOME = ("attempts", "error", "next_attempt_at", "processed_at", "status")


@dataclass
class Drained:
    """What one drain did."""

    processed: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Received:
    """What became of one event at the door."""

    event: StripeEvent
    #: Not one that came before.
    is_new: bool
    #: Whether the mirror has to fetch something before all is known.
    is_undecided: bool = False


def handled_events() -> list[str]:
    """Every event type we act upon; a webhook endpoint asks for exactly these."""
    return sorted({*mirrored_events(), *events_with_handlers()})


def is_handled(event_type: str) -> bool:
    """Whether we act upon events of this type."""
    return event_type in _mirrored_events() or bool(handlers_of(event_type))


def store(account: StripeAccount, event: dict[str, Any]) -> Received:
    """Write a verified event down, to be drained later.

    An event of the other mode or of somebody else's account is kept as ignored.
    """
    row = _row_of(account, event)
    return Received(row, is_new=single.insert(row))


def store_and_apply(account: StripeAccount, event: dict[str, Any]) -> Received:
    """Write a verified event down and apply it, in one commit.

    When it cannot be applied, it is kept all the same, and waits for a drain.
    """
    row = _row_of(account, event)
    if row.status != EventStatus.PENDING:
        return Received(row, is_new=single.insert(row))
    _mark_processed(row)
    try:
        with transaction.atomic():
            is_new = single.insert(row)
            is_undecided = is_new and _apply(row)
    except Exception:
        row = _row_of(account, event)
        _note_failure(row)
        logger.exception(FAILURE, row.pk, row.attempts)
        return Received(row, is_new=single.insert(row))
    return Received(row, is_new, is_undecided)


def drain(*, limit: int = 10_000, **which: Any) -> Drained:
    """Apply at most ``limit`` waiting events, oldest first, or ``which`` of them only.

    Many at a time where only the mirror is concerned, each by itself where a site's
    handlers are; and each by itself where one of many fails.
    """
    drained = Drained()
    while (left := limit - drained.processed - drained.failed) > 0:
        size = min(left, BATCH)
        if not (_drain_batch(size, drained, **which) or _drain_one(drained, **which)):
            break
    return drained


def retry(event: StripeEvent) -> None:
    """Put a failed event back in line."""
    _back_in_line(StripeEvent.objects.filter(pk=event.pk))


def retry_all(events: QuerySet[StripeEvent] | None = None) -> int:
    """Put every failed event back in line, or those of ``events``; returns how many."""
    return _back_in_line(StripeEvent.objects.all() if events is None else events)


def prune(*, before: datetime) -> int:
    """Forget events that came before and were dealt with; their number."""
    deleted, _by_model = StripeEvent.objects.filter(
        status__in=[EventStatus.PROCESSED, EventStatus.IGNORED],
        received_at__lt=before,
    ).delete()
    return deleted


def _back_in_line(events: QuerySet[StripeEvent]) -> int:
    return events.filter(status=EventStatus.FAILED).update(
        status=EventStatus.PENDING, next_attempt_at=timezone.now(), attempts=0
    )


def _row_of(account: StripeAccount, event: dict[str, Any]) -> StripeEvent:
    stray = _why_a_stray(account, event)
    reason = stray or _why_ignored(event)
    return StripeEvent(
        # It may come to its own account's address too, and must not be known there.
        id=f"{event['id'][:200]}@{account.alias}" if stray else event["id"],
        stripe_account=account.alias,
        type=event["type"][:255],
        created=event["created"],
        livemode=bool(event.get("livemode")),
        api_version=str(event.get("api_version") or "")[:100],
        payload=event,
        status=EventStatus.IGNORED if reason else EventStatus.PENDING,
        error=reason,
    )


def _why_a_stray(account: StripeAccount, event: dict[str, Any]) -> str:
    if bool(event.get("livemode")) != account.is_live:
        return "The event is of the other mode (live or test) than the account's key."
    if event.get("account") != account.connected_account:
        return "The event belongs to another connected account."
    return ""


def _why_ignored(event: dict[str, Any]) -> str:
    if not is_handled(event["type"]):
        return "Nothing here acts upon this type of event."
    return ""


@cache
def _mirrored_events() -> frozenset[str]:
    return frozenset(mirrored_events())


def _waiting() -> QuerySet[StripeEvent]:
    """What may be tried now, oldest first, held until the transaction ends."""
    return (
        StripeEvent.objects.select_for_update(skip_locked=True)
        .filter(status=EventStatus.PENDING, next_attempt_at__lte=timezone.now())
        .order_by("created", "received_at")
    )


def _drain_batch(size: int, drained: Drained, **which: Any) -> int:
    """Apply many events in one transaction; how many were dealt with."""
    ids: list[str] = []
    try:
        with transaction.atomic():
            # What a site's handlers wait for, and what failed before, goes alone.
            waiting = _waiting().exclude(type__in=events_with_handlers())
            events = list(waiting.filter(attempts=0, **which)[:size])
            ids = [event.pk for event in events]
            _mirror(events)
            StripeEvent.objects.filter(pk__in=ids).update(
                status=EventStatus.PROCESSED, processed_at=timezone.now(), error=""
            )
    except Exception:
        if not ids:
            raise
        # One of them fails: which one shows when each is tried by itself.
        return sum(_drain_one(drained, pk=id) for id in ids)
    drained.processed += len(ids)
    return len(ids)


def _drain_one(drained: Drained, **which: Any) -> int:
    """Claim, apply and mark one event in one transaction; 0 when none waits."""
    event: StripeEvent | None = None
    try:
        with transaction.atomic():
            event = _waiting().filter(**which).first()
            if event is None:
                return 0
            is_applied = _try_to_apply(event)
            event.save(update_fields=OUTCOME)
    except Exception:
        if event is None:
            raise
        is_applied = False
        _keep_failure_of_commit(event)
    if is_applied:
        drained.processed += 1
    else:
        drained.failed += 1
    return 1


def _try_to_apply(event: StripeEvent) -> bool:
    try:
        with transaction.atomic():
            _apply(event)
    except Exception:
        _note_failure(event)
        logger.exception(FAILURE, event.pk, event.attempts)
        return False
    _mark_processed(event)
    return True


def _keep_failure_of_commit(event: StripeEvent) -> None:
    """Some constraints are looked at when all is done; then nothing of it was."""
    kept = StripeEvent.objects.filter(pk=event.pk, status=EventStatus.PENDING)
    event.refresh_from_db()
    tries = event.attempts
    _note_failure(event)
    logger.exception(FAILURE, event.pk, event.attempts)
    # It was free for a moment: whoever took it since then knows better.
    kept.filter(attempts=tries).update(**{it: getattr(event, it) for it in OUTCOME})


def _apply(event: StripeEvent) -> bool:
    entered = _mirror([event])
    for handler in handlers_of(event.type):
        handler(event, entered.rows[0] if entered.rows else None)
    return entered.is_undecided


def _mirror(events: Sequence[StripeEvent]) -> Entered:
    """Let what events say into the mirror, account by account."""
    everything = Entered([], is_undecided=False)
    by_account: dict[str, list[Arrival]] = {}
    for event in events:
        if arrival := _arrival_of(event):
            by_account.setdefault(event.stripe_account, []).append(arrival)
    # Always in one order, so that no two workers wait for each other.
    for account, arrivals in sorted(by_account.items()):
        entered = ingest_all(arrivals, account=account)
        everything = Entered(
            everything.rows + entered.rows,
            everything.is_undecided or entered.is_undecided,
        )
    return everything


def _arrival_of(event: StripeEvent) -> Arrival | None:
    """What an event says of a mirrored object, if it is about one."""
    raw = event.payload["data"]["object"]
    family = FAMILIES.get(raw.get("object", ""))
    if family is None or event.type not in family.events:
        return None
    # Another version has other fields, unless the object is gone anyway.
    raw = {**raw, "id": family.id_of(raw)}
    is_readable = event.api_version == API_VERSION or event.type in family.deletions
    return Arrival(
        raw if is_readable else _name_of(raw, family),
        as_of=event.created,
        event_type=event.type,
        previous=event.payload["data"].get("previous_attributes"),
        is_readable=is_readable,
    )


def _name_of(raw: dict[str, Any], family: Family) -> dict[str, Any]:
    """What can be read of an object in any version."""
    return {
        name: raw[name]
        for name in ("id", "object", "livemode", *family.found_by)
        if name in raw
    }


def _mark_processed(event: StripeEvent) -> None:
    event.status = EventStatus.PROCESSED
    event.processed_at = timezone.now()
    event.error = ""


def _note_failure(event: StripeEvent) -> None:
    """Write on an event why it failed just now, and when it is tried again."""
    event.attempts += 1
    event.error = traceback.format_exc()
    event.next_attempt_at = timezone.now() + timedelta(seconds=2**event.attempts)
    event.processed_at = None
    gave_up = event.attempts >= MOST_ATTEMPTS
    event.status = EventStatus.FAILED if gave_up else EventStatus.PENDING
