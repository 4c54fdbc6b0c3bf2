"""What a member did on Stripe's page, known as soon as they are back.

The address they come back by proves nothing. What counts is that the page was opened
from here, and what Stripe says afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..accounts import BillingAccount
from ..exceptions import StripeRefused
from ..gateway import (
    answer_of,
    complete_lists,
    forget_request,
    kept_request,
    known_request,
    new_key,
    options,
    stripe_for,
    take_request,
)
from ..mirror.ingest import version_of
from ..mirror.refresh import let_in
from ..models import Act, MirroredObject, Subscription
from ..models.schedules import MADE_BY
from ..policies.hosted import HostedFlow, is_from_hosted_page
from .acts import note
from .base import change, forget_related

#: All that what a member does there can have changed.
EXPANDED = ["discounts", "schedule", "latest_invoice", "default_payment_method"]
#: How a customer pays, with the method itself.
PAYS = ["invoice_settings.default_payment_method"]
#: Stripe's portal as a whole, among the flows.
PORTAL = "portal"
#: What each page is for: whatever else happened meanwhile, somebody else did.
ACTS = {
    HostedFlow.CHANGE.value: (Act.CHANGED, Act.SCHEDULED),
    HostedFlow.CONFIRM.value: (Act.CHANGED, Act.SCHEDULED),
    HostedFlow.CANCEL.value: (Act.CANCELLED, Act.CANCELLED_NOW, Act.ACCEPTED),
    HostedFlow.PAUSE.value: (Act.PAUSED,),
    PORTAL: (*Act,),
}


def remember_opening(
    subscription: Subscription, flow: HostedFlow | None = None, *, coupon: str = ""
) -> None:
    """Write down how it was when Stripe's page was opened for it, and what for.

    Without ``flow``: for all that can be done there.
    """
    name = flow.value if flow else PORTAL
    opening = {"flow": name, "coupon": coupon, "was": _state_of(subscription)}
    forget_request(_purpose(subscription))
    kept_request(_purpose(subscription), opening)


def come_back(account: BillingAccount, subscription: Subscription) -> list[Act]:
    """Ask Stripe once what became of it, and note what the member did there.

    Nothing is asked where that page was not opened before, or where somebody came back
    already. Raises ``StripeUnavailable``, and can then be asked again.
    """
    if known_request(_purpose(subscription)) is None:
        return []
    _look(subscription)
    return note_what_happened(account, subscription)


def come_back_from_portal(account: BillingAccount) -> None:
    """The same for Stripe's portal as a whole: every subscription, and how is paid."""
    for subscription in account.current_subscriptions:
        come_back(account, subscription)
    if (customer := account.customer) is not None:
        _see(
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
    opening = known_request(_purpose(subscription))
    if opening is None:
        return []
    happened = [
        act
        for act in _acts_since(opening["was"], subscription, opening["coupon"])
        if act in ACTS[opening["flow"]]
    ]
    if Act.SCHEDULED in happened:
        # First: without it the member could neither undo that nor leave.
        _adopt(account, subscription)
    if take_request(_purpose(subscription)) is None:
        return []
    for act in happened:
        note(account, subscription, act, _about(act, opening))
    return happened


def _look(subscription: Subscription) -> None:
    _see(
        subscription,
        lambda client: client.v1.subscriptions.retrieve(
            subscription.pk, {"expand": EXPANDED}
        ),
    )
    forget_related(subscription)
    subscription.refresh_from_db()


def _see(row: MirroredObject, retrieve: Callable[[Any], Any]) -> None:
    seen = version_of(row)
    with stripe_for(row.stripe_account) as client:
        answer = answer_of(retrieve(client))
        complete_lists(client, answer.data)
    let_in(answer, account=row.stripe_account, seen=seen)


def _adopt(account: BillingAccount, subscription: Subscription) -> None:
    """Mark the schedule that Stripe's page made as the member's own, to be undone."""
    schedule = subscription.schedule
    if schedule is None or not is_from_hosted_page(account, subscription):
        return
    try:
        change(
            schedule,
            lambda client: client.v1.subscription_schedules.update(
                schedule.pk, {"metadata": MADE_BY}, options(new_key())
            ),
        )
    except StripeRefused:
        # It is gone by now, or over: then there is nothing to undo.
        return
    forget_related(subscription)


def _acts_since(was: dict[str, Any], it: Subscription, coupon: str) -> list[Act]:
    now = _state_of(it)
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


def _state_of(it: Subscription) -> dict[str, Any]:
    return {
        "items": [[item.price_id, item.quantity] for item in it.items.all()],
        "schedule": it.data.get("schedule"),
        "coupons": [discount.coupon_id for discount in it.current_discounts],
        "rests": it.is_resting,
        "ends": it.is_ending,
        "has_ended": it.has_ended,
    }


def _about(act: Act, opening: dict[str, Any]) -> str:
    return opening["coupon"] if act == Act.ACCEPTED else ""


def _purpose(subscription: Subscription) -> str:
    return f"hosted:{subscription.stripe_account}:{subscription.pk}"
