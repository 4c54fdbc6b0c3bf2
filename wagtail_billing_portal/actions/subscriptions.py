from __future__ import annotations

from typing import Any

from ..accounts import BillingAccount
from ..mirror.refresh import look_again
from ..models import Act, CancelReason, Subscription
from ..models.leaving import OWN
from ..policies.base import may_act
from ..policies.subscriptions import may_cancel, may_undo_cancel
from .acts import note
from .base import change, once
from .changes import set_free
from .ends import has_promised, keep_promise, promise
from .settlements import end_again, has_use_to_bill


def cancel_at_period_end(
    account: BillingAccount,
    subscription: Subscription,
    *,
    key: str,
    reason: str = "",
    comment: str = "",
) -> Subscription:
    """End it when what was paid for is used up; access stays until then.

    ``reason`` is one that the site offers, ``comment`` the member's own words; both may
    be empty. A schedule of the member's own is let go. Raises ``NotAllowed`` or
    another ``BillingError``.
    """
    may_cancel(account, subscription).require()
    set_free(subscription, key=key)
    params = {**_end_of(subscription), **_said(account, reason, comment)}
    ended = _update(subscription, params, key)
    note(account, ended, Act.CANCELLED)
    return ended


def cancel_now(
    account: BillingAccount,
    subscription: Subscription,
    *,
    signed: str,
    key: str,
    reason: str = "",
    comment: str = "",
) -> Subscription:
    """End it at once, and settle what the site's settings promise.

    ``signed`` are the figures that were shown. What was promised is written down
    before anything is done, and given back later where that fails: ``ends.is_due``
    tells. Raises ``FiguresChanged``, ``NotAllowed`` or another ``BillingError``; then
    nothing was done, as far as Stripe said.
    """
    look_again(subscription)
    subscription.refresh_from_db()
    # Only the form that ended it: an end that somebody else made promised nothing.
    if subscription.has_ended and has_promised(subscription, key=key):
        may_act(account).require()
        keep_promise(subscription)
        return subscription
    settlement = end_again(account, subscription, signed)
    set_free(subscription, key=key)
    promise(subscription, settlement, key=key)
    params: dict[str, Any] = {
        "invoice_now": has_use_to_bill(subscription),
        "prorate": False,
        **_said(account, reason, comment),
    }
    ended = change(
        subscription,
        # Stripe heeds no idempotency key here: what has ended, ends no more.
        lambda client: client.v1.subscriptions.cancel(subscription.pk, params),
    )
    note(account, ended, Act.CANCELLED_NOW)
    keep_promise(ended)
    return ended


def undo_cancel(
    account: BillingAccount, subscription: Subscription, *, key: str
) -> Subscription:
    """Go on after all. Raises ``NotAllowed`` or another ``BillingError``."""
    may_undo_cancel(account, subscription).require()
    # Stripe's own portal sets a date in flexible billing mode, not the flag.
    is_flagged = bool(subscription.data.get("cancel_at_period_end"))
    params: dict[str, Any] = (
        {"cancel_at_period_end": False} if is_flagged else {"cancel_at": ""}
    )
    kept = _update(subscription, params, key)
    note(account, kept, Act.KEPT)
    return kept


def _end_of(subscription: Subscription) -> dict[str, Any]:
    """When it ends, as parameters: Stripe's period is that of what is paid most often."""
    if len(subscription.period_ends) > 1:
        return {"cancel_at": "max_period_end"}
    return {"cancel_at_period_end": True}


def _said(account: BillingAccount, reason: str, comment: str) -> dict[str, Any]:
    details = {"feedback": reason, "comment": comment}
    if reason.startswith(OWN):
        own = {it.value: it for it in account.settings.own_reasons.all()}.get(reason)
        option = own.feedback_option if own else ""
        # One that Stripe does not know yet is among the others there.
        details["feedback"] = "" if option else CancelReason.OTHER.value
        details["feedback_option"] = option
    said = {name: value for name, value in details.items() if value}
    return {"cancellation_details": said} if said else {}


def _update(
    subscription: Subscription, params: dict[str, Any], key: str
) -> Subscription:
    return change(
        subscription,
        lambda client: client.v1.subscriptions.update(
            subscription.pk, params, once(subscription, key)
        ),
    )
