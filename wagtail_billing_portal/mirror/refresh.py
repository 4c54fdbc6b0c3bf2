"""Fetch again what the mirror could not settle by itself."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import cache
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Now
from django.utils import timezone

from ..exceptions import (
    BillingNotConfigured,
    StripeRefused,
    StripeUnavailable,
    UnknownStripeObject,
)
from ..gateway import Answer, answer_of, complete_lists, stripe_for
from ..models import MirroredObject
from .families import FAMILIES
from .family import Family
from .foreign import ingest_apart
from .ingest import ForeignObject, retire, version_of
from .snapshots import Version

logger = logging.getLogger("wagtail_billing_portal.mirror")

#: No other worker takes a row in hand for so long.
LEASE = timedelta(seconds=60)
LONGEST_PAUSE = timedelta(hours=1)


def let_in(answer: Answer, *, account: str, seen: Version | None = None) -> None:
    """Mirror what Stripe answered to a request, so that the next page shows it.

    ``seen`` is the version that was known before the request. Where a webhook of the
    same second was faster and leaves open which is the later one, or where the answer
    is a repeated one, Stripe is asked once more; if it does not tell, it is asked later.
    What was done stays done, so that this is no failure.
    """
    if answer.is_replayed:
        seen = None
    row = ingest_apart(
        answer.data,
        account=account,
        as_of=answer.as_of,
        since=answer.since,
        seen=seen,
    )
    if row is None:
        return
    if answer.is_replayed and not row.needs_refresh:
        row.needs_refresh = True
        row.save(update_fields=["needs_refresh"])
    if row.needs_refresh:
        look_again(row)


def look_again(row: MirroredObject) -> None:
    """Fetch what changed by a request about something else.

    What was done stays done, so that it is no failure when Stripe does not tell; the
    row is fetched later.
    """
    try:
        refresh(row)
    except (StripeUnavailable, StripeRefused, ForeignObject) as error:
        logger.warning("%s may be shown as it was before: %s", row.pk, error)
        type(row)._default_manager.filter(pk=row.pk).update(needs_refresh=True)


def refresh(row: MirroredObject) -> MirroredObject:
    """Fetch ``row``'s object from Stripe and let the answer in; returns the new row.

    Raises ``StripeUnavailable`` or ``StripeRefused``. What Stripe no longer knows
    becomes a tombstone.
    """
    family = FAMILIES[row.stripe_object]
    seen = version_of(row)
    try:
        with stripe_for(row.stripe_account) as client:
            answer = answer_of(family.retrieve(client, row.pk))
            complete_lists(client, answer.data)
    except UnknownStripeObject:
        retire(row, as_of=row.as_of or int(timezone.now().timestamp()))
        return row
    fresh = ingest_apart(
        answer.data,
        account=row.stripe_account,
        as_of=answer.as_of,
        since=answer.since,
        seen=seen,
        is_full=True,
    )
    return fresh or row


def refresh_due(*, limit: int = 100, **which: Any) -> int:
    """Refresh at most ``limit`` rows that wait for it, or ``which`` of them only.

    Returns how many were tried. An account that is out of reach holds up no other.
    """
    tried, out_of_reach = 0, set[str]()
    for family in _families_due(**which):
        for row in _due(family, **which)[: limit - tried]:
            if row.stripe_account not in out_of_reach and _claim(row):
                tried += 1
                if not _try(row):
                    out_of_reach.add(row.stripe_account)
    return tried


def is_due() -> bool:
    """Whether any row waits for a refresh now."""
    return bool(_families_due())


def _families_due(**which: Any) -> list[Family]:
    """Those with a row that waits, found out in one statement."""
    asked = _all_due(**which) if which else _all_due_anywhere().all()
    found = {name for (name,) in asked}
    return [family for name, family in FAMILIES.items() if name in found]


@cache
def _all_due_anywhere() -> QuerySet[Any, tuple[str]]:
    """Made once: it is asked with nearly every event, and long to put together."""
    return _all_due()


def _all_due(**which: Any) -> QuerySet[Any, tuple[str]]:
    [first, *others] = [
        _due(family, **which).order_by().values_list(Value(name)).distinct()
        for name, family in FAMILIES.items()
    ]
    return first.union(*others, all=True)


def _due(family: Family, **which: Any) -> QuerySet[MirroredObject]:
    return family.model._default_manager.filter(needs_refresh=True, **which).filter(
        Q(refresh_after=None) | Q(refresh_after__lte=Now())
    )


def _claim(row: MirroredObject) -> bool:
    # A burst of events on one object costs one fetch: only one worker gets the row.
    return bool(
        type(row)
        ._default_manager.filter(
            pk=row.pk, needs_refresh=True, refresh_after=row.refresh_after
        )
        .update(
            refresh_after=timezone.now() + LEASE,
            refresh_attempts=F("refresh_attempts") + 1,
        )
    )


def _try(row: MirroredObject) -> bool:
    """Refresh one row; False when Stripe is out of reach and the rest can wait."""
    try:
        refresh(row)
    except StripeUnavailable:
        _pause(row)
        return False
    except (StripeRefused, ForeignObject, BillingNotConfigured) as error:
        logger.warning("Refresh of %s was refused: %s", row.pk, error)
        _pause(row)
    return True


def _pause(row: MirroredObject) -> None:
    pause = min(
        timedelta(seconds=5 * 2 ** min(row.refresh_attempts, 12)), LONGEST_PAUSE
    )
    type(row)._default_manager.filter(pk=row.pk).update(
        refresh_after=timezone.now() + pause
    )
