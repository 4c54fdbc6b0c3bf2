from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from ..accounts import BillingAccount
from ..gateway import is_first
from ..models import Act, Subscription, SubscriptionAct


def note(
    account: BillingAccount, subscription: Subscription, act: Act, about: str = ""
) -> None:
    """Write down what a member did, by Stripe's clock."""
    user: Any = account.user if account.is_member else None
    SubscriptionAct.objects.create(
        subscription=subscription,
        user=user,
        act=act,
        about=about,
        at=datetime.fromtimestamp(subscription.as_of, UTC),
    )


def note_once(
    account: BillingAccount,
    subscription: Subscription,
    act: Act,
    about: str = "",
    *,
    request: Any,
) -> None:
    """The same for what a request to Stripe did, however often its answer comes.

    ``request`` are the SDK's options it was sent with.
    """
    with transaction.atomic():
        if is_first(f"act:{act}:{request['idempotency_key']}"):
            note(account, subscription, act, about)
