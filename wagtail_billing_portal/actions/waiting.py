"""What a member asked for and is done once it is paid: written down then."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from ..accounts import BillingAccount
from ..gateway import (
    forget_requests,
    keep_anew,
    known_request,
    take_request,
)
from ..models import Act, Subscription
from .acts import write_down


def await_payment(
    account: BillingAccount, subscription: Subscription, act: Act, about: str = ""
) -> None:
    """Remember an act that a payment has to finish: a change, or going on.

    One that waits for the same payment, such as an offer that it takes, goes along.
    """
    pending = subscription.pending_update or {}
    items = _items_in(pending.get("subscription_items") or [])
    before = known_request(_purpose(subscription)) or {}
    acts = before["acts"] if before.get("items") == items else []
    asked = {
        "acts": [*(it for it in acts if it[0] != act.value), [act.value, about]],
        "items": items,
        "user": str(account.user.pk) if account.is_member else None,
    }
    keep_anew(_purpose(subscription), asked)


def waits_for_payment(data: dict[str, Any]) -> bool:
    """Whether a subscription, as Stripe says it, may have such an act before it."""
    return bool(data.get("pending_update")) or data.get("status") == "paused"


def note_what_is_paid(subscription: Subscription) -> None:
    """Note the act once, whoever tells of it; forget one that came to nothing."""
    if waits_for_payment(subscription.data):
        return
    if known_request(_purpose(subscription)) is None:
        return
    with transaction.atomic():
        asked = take_request(_purpose(subscription))
        if asked is not None and _is_done(subscription, asked):
            users = get_user_model()._default_manager
            user = users.filter(pk=asked["user"]).first()
            for act, about in asked["acts"]:
                write_down(subscription, Act(act), about, user=user)


def prune(*, before: datetime) -> int:
    """Forget what has waited since before then."""
    return forget_requests("waiting:", before=before)


def _is_done(subscription: Subscription, asked: dict[str, Any]) -> bool:
    if subscription.has_ended:
        return False
    if not asked["items"]:
        # Nothing was to change but that it goes on.
        return True
    now: list[Any] = (subscription.data.get("items") or {}).get("data") or []
    return bool(_items_in(now) == asked["items"])


def _items_in(items: list[dict[str, Any]]) -> list[list[Any]]:
    return sorted(([it.get("price"), it.get("quantity")] for it in items), key=str)


def _purpose(subscription: Subscription) -> str:
    return f"waiting:{subscription.stripe_account}:{subscription.pk}"
