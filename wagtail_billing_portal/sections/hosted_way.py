from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from ..accounts import BillingAccount
from ..models import Place, Subscription
from ..policies.base import Decision
from ..policies.hosted import (
    may_cancel_hosted,
    may_change_hosted,
    may_pause_hosted,
)
from .base import address


def hosted_way(
    decision: Decision, name: str, subscription: Subscription, **query: str | int
) -> dict[str, str]:
    """Where Stripe's page does the same; an empty address where it can't, or mayn't."""
    url = address(name, subscription.pk) if decision else ""
    return {"hosted_url": f"{url}?{urlencode(query)}" if url and query else url}


def straight_ways(
    account: BillingAccount, subscription: Subscription
) -> dict[str, str]:
    """The acts whose button leads straight to Stripe's page, and where."""
    settings = account.settings
    acts: dict[str, tuple[str, Callable[[BillingAccount, Subscription], Decision]]] = {
        "change": (settings.change_place, may_change_hosted),
        "pause": (settings.pause_place, may_pause_hosted),
        "cancel": (settings.cancel_place, may_cancel_hosted),
    }
    return {
        name: address(f"hosted_{name}", subscription.pk)
        for name, (place, may) in acts.items()
        if place == Place.STRIPE and may(account, subscription)
    }
