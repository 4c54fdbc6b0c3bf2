"""What a member did on Stripe's page, known as soon as they are back.

The address they come back by proves nothing. What counts is that the page was opened
from here, and what Stripe says afterwards.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ..accounts import BillingAccount
from ..models import Act, Subscription
from ..policies.hosted import HostedFlow
from .acts import note
from .base import forget_related, see_by, see_whole
from .hosted_openings import (
    PORTAL,
    claim,
    last_opening,
    remember_opening,
    state_of,
    take_opening,
)

#: How a customer pays, with the method itself.
PAYS = ["invoice_settings.default_payment_method"]
#: What each page is for: whatever else happened meanwhile, somebody else did.
ACTS = {
    HostedFlow.CHANGE.value: (Act.CHANGED, Act.SCHEDULED),
    HostedFlow.CONFIRM.value: (Act.CHANGED, Act.SCHEDULED),
    HostedFlow.CANCEL.value: (Act.CANCELLED, Act.CANCELLED_NOW, Act.ACCEPTED),
    HostedFlow.PAUSE.value: (Act.PAUSED,),
    PORTAL: (*Act,),
}


def come_back(account: BillingAccount, subscription: Subscription) -> list[Act]:
    """Ask Stripe once what became of it, and note what the member did there.

    Nothing is asked where that page was not opened before, or where somebody came back
    already. Raises ``StripeUnavailable``, and can then be asked again.
    """
    if last_opening(subscription) is None:
        return []
    see_whole(subscription)
    return note_what_happened(account, subscription)


def come_back_from_portal(account: BillingAccount) -> None:
    """The same for Stripe's portal as a whole: every subscription, and how is paid."""
    for subscription in account.current_subscriptions:
        come_back(account, subscription)
    if (customer := account.customer) is not None:
        see_by(
            customer,
            lambda client: client.v1.customers.retrieve(customer.pk, {"expand": PAYS}),
        )


def note_what_happened(
    account: BillingAccount, subscription: Subscription
) -> list[Act]:
    """Note what a member did on Stripe's page, as far as the mirror knows of it.

    For whoever never came back: notes it once, and asks nothing. What was scheduled
    there is marked at Stripe; raises ``StripeUnavailable``, and can be asked again.
    """
    opening = last_opening(subscription)
    if opening is None:
        return []
    happened = [
        act
        for act in _acts_since(opening["was"], subscription, opening["coupon"])
        if act in ACTS[opening["flow"]]
    ]
    if Act.SCHEDULED in happened and (schedule := subscription.schedule):
        # First: without it the member could neither undo that nor leave.
        claim(schedule)
        forget_related(subscription)
    if not take_opening(subscription):
        return []
    # Some was done here meanwhile, or paid for there and is noted by who heard of that.
    opened = datetime.fromtimestamp(opening["at"], UTC)
    told = {it.act for it in subscription.acts.filter(at__gt=opened)}
    for act in happened:
        if act not in told:
            note(account, subscription, act, _about(act, opening))
    return happened


def begin_visit(
    account: BillingAccount,
    subscription: Subscription,
    *,
    at: int,
    flow: HostedFlow | None = None,
    coupon: str = "",
) -> None:
    """Note what was done on an earlier visit, and remember that this one begins.

    ``at`` are Unix seconds by Stripe's clock. Without ``flow``: for all that can be
    done there.
    """
    before = last_opening(subscription)
    # Of whoever opened it before and never came back.
    note_what_happened(account, subscription)
    remember_opening(
        account, subscription, at=at, flow=flow, coupon=coupon, before=before
    )


def _acts_since(was: dict[str, Any], it: Subscription, coupon: str) -> list[Act]:
    now = state_of(it)
    happened = {
        Act.ACCEPTED: bool(coupon)
        and coupon in now["coupons"]
        and coupon not in was["coupons"],
        Act.CHANGED: now["items"] != was["items"],
        Act.SCHEDULED: it.is_scheduled and now["schedule"] != was["schedule"],
        Act.PAUSED: now["rests"] and not was["rests"],
        Act.RESUMED: was["rests"] and not now["rests"] and not it.has_ended,
        Act.KEPT: was["ends"] and not now["ends"] and not it.has_ended,
        Act.CANCELLED: now["ends"] and not was["ends"],
        Act.CANCELLED_NOW: it.has_ended and not was["has_ended"],
    }
    return [act for act, has_happened in happened.items() if has_happened]


def _about(act: Act, opening: dict[str, Any]) -> str:
    return opening["coupon"] if act == Act.ACCEPTED else ""
