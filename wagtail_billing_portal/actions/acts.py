from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from ..accounts import BillingAccount
from ..gateway import forget_requests, is_first
from ..models import Act, Subscription, SubscriptionAct


def note(
    account: BillingAccount, subscription: Subscription, act: Act, about: str = ""
) -> None:
    """Write down what a member did, by Stripe's clock."""
    user = account.user if account.is_member else None
    write_down(subscription, act, about, user=user)


def write_down(
    subscription: Subscription, act: Act, about: str = "", *, user: Any
) -> None:
    """The same where no account is at hand."""
    SubscriptionAct.objects.create(
        subscription=subscription,
        user=user,
        act=act,
        about=about,
        at=datetime.fromtimestamp(subscription.as_of, UTC),
    )


def prune(*, before: datetime) -> int:
    """Forget which requests were noted until then: no answer to them comes any more.

    What was noted stays.
    """
    return forget_requests("act:", before=before)


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
