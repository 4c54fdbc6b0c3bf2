from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ..accounts import BillingAccount
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
