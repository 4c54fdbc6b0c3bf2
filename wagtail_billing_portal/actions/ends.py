"""What is given back when a subscription ends at once, from promise to payment."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from ..exceptions import BillingError, BillingNotConfigured
from ..gateway import keep_anew, kept_of, known_request
from ..models import KeptRequest, Subscription
from ..signals import settlement_delayed
from .settlements import Settlement, settle

logger = logging.getLogger("wagtail_billing_portal.actions")

#: Written down, before Stripe is told of the end.
PROMISED = "promised"
#: It has ended by that, and what was promised is to be given.
DUE = "due"
#: All of it was given.
GIVEN = "given"
#: Seconds within which Stripe has done what it was asked, or will not do it.
LONGEST_REQUEST = 120


def promise(subscription: Subscription, settlement: Settlement, *, key: str) -> None:
    """Write down what will be given back, before anything is done.

    ``key`` is that of the form, and the subscription is as Stripe has it by now.
    """
    wanted = {
        "key": key,
        "at": subscription.as_of,
        "kind": settlement.kind,
        "notes": [*map(list, settlement.notes)],
        "state": PROMISED,
    }
    # Left over from a form that ended nothing: its figures are not these.
    keep_anew(_purpose(subscription), wanted)


def has_promised(subscription: Subscription, *, key: str) -> bool:
    """Whether this form wrote down the promise, and not another."""
    promised = known_request(_purpose(subscription))
    return bool(promised) and promised["key"] == key


def is_due(subscription: Subscription) -> bool:
    """Whether it has ended, and something is still to be given back."""
    promised = known_request(_purpose(subscription))
    return bool(promised) and promised["state"] == DUE


def keep_promise(subscription: Subscription) -> bool:
    """Give back what was promised for an end that has come; false where it fails.

    Whoever listens to ``settlement_delayed`` hears of it the first time.
    """
    purpose = _purpose(subscription)
    promised = known_request(purpose)
    if promised["state"] == GIVEN:
        return True
    _write(purpose, promised, DUE)
    try:
        settle(subscription, promised["kind"], promised["notes"])
    except (BillingError, BillingNotConfigured) as error:
        logger.exception("What ending %s gives back is missing.", subscription.pk)
        if promised["state"] == PROMISED:
            settlement_delayed.send(
                sender=Subscription, subscription=subscription, error=error
            )
        return False
    _write(purpose, promised, GIVEN)
    return True


def keep_promises(alias: str = "") -> tuple[int, int]:
    """Give back whatever is still to be given; how many ends that was, and is yet.

    ``alias`` names one Stripe account; all are meant unless given.
    """
    outcomes = [keep_promise(subscription) for _promised, subscription in _ended(alias)]
    return outcomes.count(True), outcomes.count(False)


def due_since() -> dict[str, list[datetime]]:
    """When what is still to be given back was promised, by Stripe account."""
    found: dict[str, list[datetime]] = {}
    for promised, subscription in _ended():
        found.setdefault(subscription.stripe_account, []).append(promised.created_at)
    return found


def prune(*, before: datetime) -> int:
    """Forget what was promised until then, unless it is still to be given."""
    owed = [promised.pk for promised, _subscription in _ended()]
    # Some request may be about to keep it.
    before = min(before, timezone.now() - timedelta(seconds=LONGEST_REQUEST))
    old = KeptRequest.objects.filter(purpose__startswith="end:", created_at__lt=before)
    return old.exclude(pk__in=owed).delete()[0]


def _ended(alias: str = "") -> list[tuple[KeptRequest, Subscription]]:
    """Those whose promise is due, an end among them whose answer was lost."""
    by_id = kept_of("end", alias, params__state__in=[PROMISED, DUE])
    ended = Subscription.objects.in_bulk(by_id)
    return [
        (promised, ended[id])
        for id, promised in by_id.items()
        if id in ended and _is_kept_by(ended[id], promised.params)
    ]


def _is_kept_by(subscription: Subscription, promised: Any) -> bool:
    """Whether it has ended, and by the request that followed the promise.

    Stripe knows no idempotency keys for an end, so its moment tells.
    """
    if promised["state"] == DUE:
        return True
    ended_at = subscription.data.get("canceled_at") if subscription.has_ended else None
    return ended_at is not None and 0 <= ended_at - promised["at"] <= LONGEST_REQUEST


def _purpose(subscription: Subscription) -> str:
    return f"end:{subscription.stripe_account}:{subscription.pk}"


def _write(purpose: str, promised: Any, state: str) -> None:
    KeptRequest.objects.filter(purpose=purpose).update(
        params={**promised, "state": state}
    )
