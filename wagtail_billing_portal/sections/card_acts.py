"""What can be done with a subscription besides changing and ending it."""

from __future__ import annotations

from ..accounts import BillingAccount
from ..models import Subscription
from ..policies.subscriptions import may_apply_code, may_pause, may_resume
from .base import address
from .discounts import discounts_of
from .subscription_card import NEEDS_NO_EXCUSE, SubscriptionCard


def add_pauses(
    card: SubscriptionCard, account: BillingAccount, subscription: Subscription
) -> None:
    """Say whether it can be paused or resumed, or why not."""
    if subscription.is_resting:
        _add_resumption(card, account, subscription)
        return
    decision = may_pause(account, subscription)
    if decision:
        card.pause_url = address("pause", subscription.pk)
    elif decision.code not in (*NEEDS_NO_EXCUSE, "trialing"):
        said = (card.why_not_change, card.why_not_cancel)
        reason = str(decision.reason)
        card.why_not_pause = "" if reason in said else reason


def _add_resumption(
    card: SubscriptionCard, account: BillingAccount, subscription: Subscription
) -> None:
    decision = may_resume(account, subscription)
    if decision:
        card.resume_url = address("resume", subscription.pk)
    elif card.awaits_payment:
        # The notice says so, and that it is paid, not resumed.
        card.why_not_change = ""
    elif decision.code not in NEEDS_NO_EXCUSE:
        card.why_not_change, card.why_not_pause = "", str(decision.reason)


def add_discounts(
    card: SubscriptionCard, account: BillingAccount, subscription: Subscription
) -> None:
    """Say what is taken off, and where a code can be typed in."""
    card.discounts = discounts_of(account, subscription)
    if may_apply_code(account, subscription):
        card.code_url = address("apply_code", subscription.pk)
