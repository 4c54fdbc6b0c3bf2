from __future__ import annotations

from typing import Any

from ..accounts import BillingAccount
from ..gateway import options
from ..mirror.ingest import version_of
from ..models import Subscription
from ..policies.subscriptions import may_cancel, may_undo_cancel
from .base import change


def cancel_at_period_end(
    account: BillingAccount,
    subscription: Subscription,
    *,
    key: str,
    reason: str = "",
    comment: str = "",
) -> Subscription:
    """End it when what was paid for is used up; access stays until then.

    ``reason`` is one of Stripe's eight, ``comment`` the member's own words; both may
    be empty. Raises ``NotAllowed`` or another ``BillingError``.
    """
    may_cancel(account, subscription).require()
    params: dict[str, Any] = {"cancel_at_period_end": True}
    details = {"feedback": reason, "comment": comment}
    if said := {name: value for name, value in details.items() if value}:
        params["cancellation_details"] = said
    return _update(subscription, params, key)


def undo_cancel(
    account: BillingAccount, subscription: Subscription, *, key: str
) -> Subscription:
    """Go on after all. Raises ``NotAllowed`` or another ``BillingError``."""
    may_undo_cancel(account, subscription).require()
    # Stripe's own portal sets a date in flexible billing mode, not the flag.
    if subscription.data.get("cancel_at_period_end"):
        return _update(subscription, {"cancel_at_period_end": False}, key)
    return _update(subscription, {"cancel_at": ""}, key)


def _update(
    subscription: Subscription, params: dict[str, Any], key: str
) -> Subscription:
    # A form found again with the back button acts on what there is now; only the
    # same form for the same version is the same request.
    seen = version_of(subscription)
    once = options(key, str(seen.as_of), seen.digest)
    return change(
        subscription,
        lambda client: client.v1.subscriptions.update(subscription.pk, params, once),
    )
