"""Events wait here between Stripe's call and their effect on the mirror."""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from ..gateway import API_VERSION, StripeAccount
from ..models import EventStatus, MirroredObject, StripeEvent
from ..webhooks.registry import events_with_handlers, handlers_of
from .families import FAMILIES, mirrored_events
from .ingest import ingest, mark_stale

logger = logging.getLogger("wagtail_billing_portal.inbox")

#: After so many failures only a person tries again.
MOST_ATTEMPTS = 10


@dataclass
class Drained:
    """What one drain did."""

    processed: int = 0
    failed: int = 0


def handled_events() -> list[str]:
    """Every event type we act upon; a webhook endpoint asks for exactly these."""
    return sorted({*mirrored_events(), *events_with_handlers()})


def store(account: StripeAccount, event: dict[str, Any]) -> bool:
    """Write a verified event down; False when it was known already.

    An event of the other mode or of somebody else's account is kept as ignored.
    """
    reason = _why_ignored(account, event)
    row = StripeEvent(
        id=event["id"],
        stripe_account=account.alias,
        type=event["type"][:255],
        created=event["created"],
        livemode=bool(event.get("livemode")),
        api_version=str(event.get("api_version") or "")[:100],
        payload=event,
        status=EventStatus.IGNORED if reason else EventStatus.PENDING,
        error=reason,
    )
    if StripeEvent.objects.filter(pk=row.pk).exists():
        return False
    # Two deliveries at once: the second insert is a no-op.
    StripeEvent.objects.bulk_create([row], ignore_conflicts=True)
    return True


def drain(*, limit: int = 500) -> Drained:
    """Apply at most ``limit`` waiting events, oldest first, each by itself."""
    drained = Drained()
    for _turn in range(limit):
        event = _process_next()
        if event is None:
            break
        if event.status == EventStatus.PROCESSED:
            drained.processed += 1
        else:
            drained.failed += 1
    return drained


def retry(event: StripeEvent) -> None:
    """Put a failed event back in line."""
    StripeEvent.objects.filter(pk=event.pk, status=EventStatus.FAILED).update(
        status=EventStatus.PENDING, next_attempt_at=timezone.now(), attempts=0
    )


def prune(*, days: int) -> int:
    """Forget events that were dealt with more than ``days`` days ago."""
    deleted, _by_model = StripeEvent.objects.filter(
        status__in=[EventStatus.PROCESSED, EventStatus.IGNORED],
        received_at__lt=timezone.now() - timedelta(days=days),
    ).delete()
    return deleted


def _why_ignored(account: StripeAccount, event: dict[str, Any]) -> str:
    if bool(event.get("livemode")) != account.is_live:
        return "The event is of the other mode (live or test) than the account's key."
    if event.get("account") != account.connected_account:
        return "The event belongs to another connected account."
    if event["type"] not in handled_events():
        return "Nothing here acts upon this type of event."
    return ""


def _process_next() -> StripeEvent | None:
    """Claim, apply and mark one event in one transaction; None when none waits."""
    event: StripeEvent | None = None
    try:
        with transaction.atomic():
            event = (
                StripeEvent.objects.select_for_update(skip_locked=True)
                .filter(status=EventStatus.PENDING, next_attempt_at__lte=timezone.now())
                .order_by("created", "received_at")
                .first()
            )
            if event is None:
                return None
            _apply(event)
            event.status = EventStatus.PROCESSED
            event.processed_at = timezone.now()
            event.error = ""
            event.save(update_fields=["status", "processed_at", "error"])
    except Exception:
        if event is None:
            raise
        _note_failure(event)
    return event


def _apply(event: StripeEvent) -> None:
    row = _mirror(event)
    for handler in handlers_of(event.type):
        handler(event, row)


def _mirror(event: StripeEvent) -> MirroredObject | None:
    raw = event.payload["data"]["object"]
    family = FAMILIES.get(raw.get("object", ""))
    if family is None or event.type not in family.events:
        return None
    is_final = event.type in family.deletions
    if event.api_version != API_VERSION and not is_final:
        # Another version has other fields; only the fact of a change counts.
        mark_stale(
            family,
            raw["id"],
            account=event.stripe_account,
            livemode=event.livemode,
            as_of=event.created,
        )
        return family.model._default_manager.filter(pk=raw["id"]).first()
    return ingest(
        raw,
        account=event.stripe_account,
        as_of=event.created,
        event_type=event.type,
        previous=event.payload["data"].get("previous_attributes"),
    )


def _note_failure(event: StripeEvent) -> None:
    event.attempts += 1
    event.error = traceback.format_exc()
    event.next_attempt_at = timezone.now() + timedelta(seconds=2**event.attempts)
    gave_up = event.attempts >= MOST_ATTEMPTS
    event.status = EventStatus.FAILED if gave_up else EventStatus.PENDING
    # Not if another worker was faster: what it did must not be undone.
    StripeEvent.objects.filter(pk=event.pk, status=EventStatus.PENDING).update(
        attempts=event.attempts,
        error=event.error,
        next_attempt_at=event.next_attempt_at,
        status=event.status,
    )
    logger.exception("Event %s failed, attempt %s.", event.pk, event.attempts)
