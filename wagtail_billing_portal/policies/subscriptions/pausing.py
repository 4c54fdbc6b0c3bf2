from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from ...models import Feature, Invoice, Subscription
from ..base import ALLOWED, Asker, Decision, denied, first_denial
from .standing import (
    goes_on,
    has_no_plans,
    has_not_ended,
    is_complete,
    is_not_agreed,
    is_settled,
    may_take_back,
    may_use,
)


class Pauser(Asker, Protocol):
    """An asker who knows how often a subscription was paused."""

    def pauses_within_a_year(self, subscription: Subscription) -> int: ...


class Resumer(Asker, Protocol):
    """An asker who knows what is to be paid."""

    @property
    def open_invoices(self) -> Mapping[str, list[Invoice]]: ...


def pauses_fully(subscription: Subscription) -> bool:
    """Whether Stripe can stop it, and not only its invoices.

    That needs flexible billing mode and automatic charges, and no trial: rules of
    Stripe's ``POST /v1/subscriptions/{id}/pause``.
    """
    return (
        subscription.is_flexible
        and not subscription.is_paid_by_invoice
        and subscription.status != "trialing"
    )


def may_pause(asker: Pauser, subscription: Subscription) -> Decision:
    """Rest for a while: nothing is charged."""
    return first_denial(
        may_use(asker, subscription, Feature.PAUSE),
        has_not_ended(subscription),
        is_complete(subscription),
        _is_running(subscription),
        is_settled(subscription),
        is_not_agreed(subscription),
        has_no_plans(subscription),
        goes_on(subscription),
        _is_not_too_often(asker, subscription),
    )


def may_resume(asker: Resumer, subscription: Subscription) -> Decision:
    """Go on after a pause, whoever began it."""
    return first_denial(
        may_take_back(asker, subscription),
        has_not_ended(subscription),
        _is_resting(subscription),
        _is_not_being_resumed(asker, subscription),
        _can_be_charged(subscription),
    )


def resumption_invoice(asker: Resumer, subscription: Subscription) -> Invoice | None:
    """What has to be paid before a paused one that was resumed runs again."""
    paused_at = subscription.paused_at
    if paused_at is None or subscription.has_ended:
        return None
    latest = subscription.data.get("latest_invoice")
    for invoice in asker.open_invoices.get(subscription.pk, []):
        if invoice.pk == latest and invoice.created and invoice.created >= paused_at:
            return invoice
    return None


def _is_running(subscription: Subscription) -> Decision:
    if subscription.is_resting:
        return denied("already_paused", _("This subscription is paused already."))
    if subscription.status == "trialing":
        return denied(
            "trialing",
            _(
                "Nothing is charged during the free trial, so there is nothing to pause."
            ),
        )
    return ALLOWED


def _is_resting(subscription: Subscription) -> Decision:
    if not subscription.is_resting:
        return denied("not_paused", _("This subscription isn't paused."))
    return ALLOWED


def _is_not_being_resumed(asker: Resumer, subscription: Subscription) -> Decision:
    if resumption_invoice(asker, subscription) is not None:
        return denied(
            "resumption_unpaid",
            _("This subscription goes on as soon as its open invoice is paid."),
        )
    return ALLOWED


def _is_not_too_often(asker: Pauser, subscription: Subscription) -> Decision:
    most = asker.settings.pauses_a_year
    if most is not None and asker.pauses_within_a_year(subscription) >= most:
        return denied(
            "paused_often",
            _("You have paused as often as is possible within a year."),
        )
    return ALLOWED


def _can_be_charged(subscription: Subscription) -> Decision:
    if subscription.status != "paused":
        return ALLOWED
    if subscription.is_paid_by_invoice or subscription.payment_method is not None:
        return ALLOWED
    return denied(
        "no_payment_method",
        _("There is no payment method to charge. Add one first; then you can resume."),
    )
