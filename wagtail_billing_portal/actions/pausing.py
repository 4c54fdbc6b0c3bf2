"""Resting for a while, and going on afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..accounts import BillingAccount
from ..exceptions import FiguresChanged, NotAllowed, StripeRefused
from ..gateway import answer_of, stripe_for
from ..mirror.refresh import let_in, look_again
from ..models import Act, PauseLength, Subscription, moment
from ..policies.subscriptions import may_pause, may_resume, pauses_fully
from . import confirmation
from .acts import note_once
from .base import change, once, see, update_subscription
from .figures import Bill, bill_of, end_of
from .schedules import set_free
from .upcoming import invoice_to_come
from .waiting import await_payment

#: What is given back or was used until then goes on the next invoice.
SETTLES = {"invoicing_behavior": "pending_invoice_item", "type": "subscription"}
#: Nothing is provided before it is paid for.
RESUMES = {
    "billing_cycle_anchor": {"type": "now"},
    "payment_behavior": "resume_on_payment_success",
    "expand": ["latest_invoice.payments"],
}


@dataclass(frozen=True)
class PausePreview:
    """What a pause that begins now would mean."""

    #: Stripe's time: from then on lengths are counted.
    begins: datetime
    #: Whether the service stops; else only its invoices are let go.
    is_full: bool
    #: What is settled with the next invoice; a negative total is given back.
    settled: Bill
    #: The invoice that comes next, which a pause of the invoices alone lets go.
    coming: Bill

    def ends(self, length: PauseLength) -> datetime:
        """When a pause of this length is over."""
        return length.end_after(self.begins)

    def signed(self, subscription: Subscription) -> str:
        """The moment as a form carries it, so that the dates it showed will hold."""
        shown = {"begins": int(self.begins.timestamp())}
        return confirmation.signed("pause", subscription, shown)


@dataclass(frozen=True)
class ResumePreview:
    """What resuming now would charge, in minor units of ``currency``."""

    currency: str
    #: What is charged with it; ``None`` where nothing is.
    now: Bill | None
    #: When the next charge is due.
    then: datetime | None

    @property
    def money(self) -> list[Any]:
        bill = self.now or Bill()
        sums = [bill.subtotal, bill.discount, bill.tax, bill.total, bill.amount_due]
        return [self.currency, self.now is not None, *sums]

    def signed(self, subscription: Subscription) -> str:
        """The figures as a form carries them: nobody can have others confirmed."""
        return confirmation.signed("resume", subscription, {"money": self.money})


def preview_pause(account: BillingAccount, subscription: Subscription) -> PausePreview:
    """What pausing now would mean. Nothing is changed.

    Raises ``NotAllowed`` or another ``BillingError``.
    """
    may_pause(account, subscription).require()
    is_full = pauses_fully(subscription)
    order = {"type": "subscription", "invoicing_behavior": "invoice"}
    asked = invoice_to_come(subscription, {"pause": order} if is_full else None)
    bill = bill_of(asked.data)
    settled, coming = (bill, Bill()) if is_full else (Bill(), bill)
    return PausePreview(_moment(asked.as_of), is_full, settled, coming)


def pause(
    account: BillingAccount,
    subscription: Subscription,
    length: PauseLength | None,
    *,
    signed: str,
    key: str,
) -> Subscription:
    """Let it rest: for ``length``, counted from the preview, or until it is resumed.

    ``signed`` is the preview's moment. Raises ``FiguresChanged`` when that is long ago,
    ``NotAllowed`` or another ``BillingError``; then nothing was changed.
    """
    may_pause(account, subscription).require()
    _require_offered(account, length)
    shown = confirmation.shown_in(signed, act="pause", subscription=subscription)
    begins = _moment(shown["begins"])
    set_free(subscription, key=key)
    request = once(subscription, key)
    ends = length.end_after(begins) if length else None
    until = int(ends.timestamp()) if ends else None
    if not pauses_fully(subscription):
        _let_go_of_invoices(subscription, until, request)
    elif until is None:
        change(
            subscription,
            lambda client: client.v1.subscriptions.pause(
                subscription.pk, SETTLES, request
            ),
        )
    else:
        _pause_until(subscription, until, request)
    note_once(account, subscription, Act.PAUSED, str(length or ""), request=request)
    return subscription


def preview_resume(
    account: BillingAccount, subscription: Subscription
) -> ResumePreview:
    """What resuming now would charge. Nothing is changed.

    Raises ``NotAllowed`` or another ``BillingError``.
    """
    may_resume(account, subscription).require()
    if subscription.status != "paused":
        then = subscription.current_period_end
        return ResumePreview(subscription.currency, None, then)
    asked = invoice_to_come(subscription, {"resume_at": "now"})
    now = bill_of(asked.data) if asked.data else None
    then_at = end_of(asked.data, after=asked.as_of)
    return ResumePreview(subscription.currency, now, moment(then_at))


def resume(
    account: BillingAccount, subscription: Subscription, *, signed: str, key: str
) -> Subscription:
    """Go on. It stays paused, with an invoice to pay, where the payment fails.

    ``signed`` are the figures that were shown. Raises ``FiguresChanged`` when they no
    longer hold, ``NotAllowed`` or another ``BillingError``; then nothing was charged.
    """
    preview = preview_resume(account, subscription)
    shown = confirmation.shown_in(signed, act="resume", subscription=subscription)
    if shown["money"] != preview.money:
        raise FiguresChanged("Stripe reckons otherwise by now.")
    if subscription.resumes_at is None and not subscription.is_scheduled_by_others:
        set_free(subscription, key=key)
    request = once(subscription, key)
    if subscription.status != "paused":
        update_subscription(subscription, {"pause_collection": ""}, request)
    elif subscription.resumes_at is not None:
        _end_now(subscription, key)
    else:
        change(
            subscription,
            lambda client: client.v1.subscriptions.resume(
                subscription.pk, RESUMES, request
            ),
        )
    if subscription.is_resting:
        await_payment(account, subscription, Act.RESUMED)
    else:
        note_once(account, subscription, Act.RESUMED, request=request)
    return subscription


def _pause_until(subscription: Subscription, until: int, request: Any) -> None:
    """A schedule pauses it at once and resumes it when the time has come."""
    at_once = {"pause_at": {"type": "now"}, "settings": SETTLES}
    later = {"type": "timestamp", "timestamp": until}
    plan = {"pause": at_once, "resume": {"resume_at": later}}
    # Beside those two Stripe takes nothing, no metadata either.
    params: Any = {"from_subscription": subscription.pk, "pause_schedules": [plan]}
    try:
        with stripe_for(subscription.stripe_account) as client:
            made = answer_of(client.v1.subscription_schedules.create(params, request))
    except StripeRefused:
        look_again(subscription)
        raise
    let_in(made, account=subscription.stripe_account)
    see(subscription)


def _end_now(subscription: Subscription, key: str) -> None:
    """Have the schedule that would resume it later do so now.

    In one request, so that the planned end is kept where Stripe refuses.
    """
    schedule: Any = subscription.schedule
    entry = {"key": schedule.pause["key"], "resume": {"resume_at": {"type": "now"}}}
    params: Any = {
        "pause_schedules": [entry],
        "expand": ["subscription.latest_invoice.payments"],
    }
    change(
        schedule,
        lambda client: client.v1.subscription_schedules.update(
            schedule.pk, params, once(schedule, key)
        ),
    )
    see(subscription)


def _let_go_of_invoices(
    subscription: Subscription, until: int | None, request: Any
) -> None:
    wanted: dict[str, Any] = {"behavior": "void"}
    if until is not None:
        wanted["resumes_at"] = until
    update_subscription(subscription, {"pause_collection": wanted}, request)


def _require_offered(account: BillingAccount, length: PauseLength | None) -> None:
    settings = account.settings
    offered = [str(it) for it in settings.offered_pause_lengths]
    is_offered = (
        settings.pause_without_end if length is None else str(length) in offered
    )
    if not is_offered:
        raise NotAllowed(
            code="no_such_length", reason=_("Please choose one of the lengths offered.")
        )


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
