from __future__ import annotations

from typing import Any

from ..accounts import BillingAccount
from ..models import Act, CancelReason, Subscription
from ..models.leaving import OWN
from ..policies.base import may_act
from ..policies.subscriptions import may_cancel, may_undo_cancel
from .acts import note
from .base import change, once, see, update_subscription
from .cancellation import end_with_period
from .ends import has_promised, keep_promise, promise
from .schedules import set_free
from .settlements import end_again, has_last_bill


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
    be empty. What the member had scheduled is dropped. Raises ``NotAllowed`` or another
    ``BillingError``; then nothing was changed, as far as Stripe said.
    """
    may_cancel(account, subscription).require()
    said = _said(account, reason, comment)
    end_with_period(subscription, said=said, key=key)
    note(account, subscription, Act.CANCELLED)
    return subscription


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
    see(subscription)
    # Only the form that ended it: an end that somebody else made promised nothing.
    if subscription.has_ended and has_promised(subscription, key=key):
        may_act(account).require()
        keep_promise(subscription)
        return subscription
    settlement = end_again(account, subscription, signed)
    promise(subscription, settlement, key=key)
    params: dict[str, Any] = {
        "invoice_now": has_last_bill(subscription),
        "prorate": False,
        **_said(account, reason, comment),
    }
    ended = change(
        subscription,
        # Stripe heeds no idempotency key here: what has ended, ends no more. A schedule
        # is cancelled with it.
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
    if subscription.schedule is not None:
        # The end is the schedule's, and goes with it.
        set_free(subscription, key=key)
    if subscription.is_ending:
        # Stripe's own portal sets a date in flexible billing mode, not the flag.
        is_flagged = bool(subscription.data.get("cancel_at_period_end"))
        unset: dict[str, Any] = (
            {"cancel_at_period_end": False} if is_flagged else {"cancel_at": ""}
        )
        update_subscription(subscription, unset, once(subscription, key))
    note(account, subscription, Act.KEPT)
    return subscription


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
