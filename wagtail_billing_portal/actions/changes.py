"""Another plan, another quantity, an extra more or less."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..accounts import BillingAccount
from ..exceptions import FiguresChanged
from ..models import Act, Subscription
from ..policies.subscriptions import may_undo_change
from ..policies.timing import Change, waits
from .acts import note
from .base import once, see, update_subscription
from .figures import Preview
from .previews import preview_again, terms_of
from .schedules import schedule_change, set_free
from .waiting import await_payment


@dataclass(frozen=True)
class Changed:
    """What came of a confirmed change."""

    subscription: Subscription
    preview: Preview
    #: Nothing has changed yet: a payment or the bank's consent is missing.
    needs_payment: bool = False


def make_change(
    account: BillingAccount,
    subscription: Subscription,
    change: Change,
    *,
    signed: str,
    key: str,
) -> Changed:
    """Do what a member confirmed: now, or with the end of the period.

    ``signed`` are the figures that were shown. Raises ``FiguresChanged`` when they no
    longer hold, ``NotAllowed`` or another ``BillingError``; then nothing was changed.
    """
    try:
        preview = preview_again(account, subscription, change, signed)
    except FiguresChanged:
        # Perhaps it was done before, and only the answer was lost.
        see(subscription)
        raise
    set_free(subscription, key=key)
    if waits(account.settings, subscription, change):
        about = _about(change)
        schedule_change(subscription, change, about=about, key=key)
        note(account, subscription, Act.SCHEDULED, about)
        return Changed(subscription, preview)
    _change_now(account, subscription, change, preview, key)
    return Changed(subscription, preview, subscription.pending_update is not None)


def undo_change(
    account: BillingAccount, subscription: Subscription, *, key: str
) -> Subscription:
    """Leave everything as it is. Raises ``NotAllowed`` or another ``BillingError``."""
    may_undo_change(account, subscription).require()
    set_free(subscription, key=key)
    note(account, subscription, Act.UNSCHEDULED)
    return subscription


def _change_now(
    account: BillingAccount,
    subscription: Subscription,
    change: Change,
    preview: Preview,
    key: str,
) -> None:
    terms = terms_of(account.settings, subscription, change)
    params: dict[str, Any] = {
        "items": change.params,
        "proration_behavior": terms.behavior,
        **terms.params,
        "expand": ["latest_invoice.payments"],
    }
    if terms.behavior != "none":
        params["proration_date"] = preview.proration_date
    # Stripe lets no change wait for money that comes days later.
    if not subscription.is_paid_afterwards:
        # What has not been paid for is not given, and what fails costs nothing.
        params["payment_behavior"] = "pending_if_incomplete"
    update_subscription(subscription, params, once(subscription, key))
    tell = note if subscription.pending_update is None else await_payment
    tell(account, subscription, Act.CHANGED, _about(change))


def _about(change: Change) -> str:
    """Names for the timeline: prices by id, read with the mirror's words."""
    if change.price is None:
        return f"-{change.item.price_id if change.item else ''}"
    return f"{change.price.pk} x{change.quantity}"
