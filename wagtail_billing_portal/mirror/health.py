"""How the portal keeps up: what waits, since when, and what was given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone

from ..actions.ends import due_since
from ..conf import conf
from ..models import EventStatus, StripeEvent
from .families import FAMILIES

#: Seconds that an event or a row may wait before a person should look.
PATIENCE = 300

_WAITING = Q(status=EventStatus.PENDING)


@dataclass(frozen=True)
class Health:
    """How far the mirror of one Stripe account is behind."""

    account: str
    #: Events that are still to be applied, those that failed and will be tried again
    #: included.
    waiting: int = 0
    #: Seconds since the oldest of them was received.
    waiting_for: int = 0
    #: Events that were given up: a person has to look at them.
    failed: int = 0
    #: Rows that are to be fetched from Stripe.
    to_refresh: int = 0
    #: Seconds since the oldest of them was last written.
    to_refresh_for: int = 0
    #: Ends whose money could not be given back yet.
    to_settle: int = 0
    #: Seconds since the oldest of them was promised.
    to_settle_for: int = 0

    def is_well(self, *, patience: int = PATIENCE) -> bool:
        """Whether nothing was given up, and nothing waits for too long."""
        longest = max(self.waiting_for, self.to_refresh_for, self.to_settle_for)
        return not self.failed and longest <= patience


def health() -> list[Health]:
    """One for each Stripe account, in four statements whatever its size.

    An account that is no longer in the settings is told of while anything of it waits.
    """
    found = _events(), _rows(), _ends()
    others = {alias for counted in found for alias in counted}
    aliases = dict.fromkeys([*conf.ACCOUNTS, *sorted(others)])
    return [
        Health(alias, **{k: v for it in found for k, v in it.get(alias, {}).items()})
        for alias in aliases
    ]


def _events() -> dict[str, dict[str, int]]:
    unfinished = StripeEvent.objects.filter(
        status__in=[EventStatus.PENDING, EventStatus.FAILED]
    )
    counted = unfinished.values_list("stripe_account").annotate(
        waiting=Count("pk", filter=_WAITING),
        oldest=Min("received_at", filter=_WAITING),
        failed=Count("pk", filter=~_WAITING),
    )
    return {
        alias: {"waiting": waiting, "waiting_for": _age(oldest), "failed": failed}
        for alias, waiting, oldest, failed in counted
    }


def _rows() -> dict[str, dict[str, int]]:
    [first, *others] = [
        family.model._default_manager.filter(needs_refresh=True)
        .order_by()
        .values_list("stripe_account")
        .annotate(number=Count("pk"), oldest=Min("synced_at"))
        for family in FAMILIES.values()
    ]
    by_account: dict[str, list[Any]] = {}
    for alias, number, oldest in first.union(*others, all=True):
        by_account.setdefault(alias, []).append((number, _age(oldest)))
    return {
        alias: {
            "to_refresh": sum(number for number, _seconds in counted),
            "to_refresh_for": max(seconds for _number, seconds in counted),
        }
        for alias, counted in by_account.items()
    }


def _ends() -> dict[str, dict[str, int]]:
    return {
        alias: {"to_settle": len(since), "to_settle_for": _age(min(since))}
        for alias, since in due_since().items()
    }


def _age(since: datetime | None) -> int:
    return max(0, int((timezone.now() - since).total_seconds())) if since else 0
