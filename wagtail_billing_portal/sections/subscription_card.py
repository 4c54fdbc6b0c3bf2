from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from ..accounts import BillingAccount
from ..models import Invoice, Subscription, SubscriptionState, moment
from ..money import format_amount
from ..policies.invoices import may_pay
from ..policies.subscriptions import may_cancel, may_undo_cancel
from .base import address, new_key
from .words import interval_title, tax_words

TONES = {
    SubscriptionState.ACTIVE: "good",
    SubscriptionState.TRIALING: "good",
    SubscriptionState.ENDING: "warn",
    SubscriptionState.PAST_DUE: "warn",
    SubscriptionState.INCOMPLETE: "warn",
    SubscriptionState.UNPAID: "bad",
}


@dataclass
class SubscriptionCard:
    """A subscription as a member reads it, and what they can do with it."""

    name: str
    state: SubscriptionState
    price: str = ""
    items: list[str] = field(default_factory=list)
    features: list[str] = field(default_factory=list)
    payment_method: str = ""
    started: datetime | None = None
    next_charge: datetime | None = None
    next_amount: str = ""
    trial_end: datetime | None = None
    ends: datetime | None = None
    paid_until: datetime | None = None
    owed: str = ""
    next_attempt: datetime | None = None
    pay_url: str = ""
    url: str = ""
    cancel_url: str = ""
    undo_url: str = ""
    why_not_cancel: str = ""
    key: str = field(default_factory=new_key)

    @property
    def tone(self) -> str:
        return TONES.get(self.state, "neutral")

    @property
    def is_over(self) -> bool:
        return self.state == SubscriptionState.ENDED


def cards_of(
    account: BillingAccount, subscriptions: Iterable[Subscription]
) -> list[SubscriptionCard]:
    """Cards for these subscriptions of ``account``; one query more if money is owed."""
    shown = list(subscriptions)
    owed = _open_invoices(account) if any(s.needs_payment for s in shown) else {}
    return [card_of(account, s, owed=owed.get(s.pk)) for s in shown]


def card_of(
    account: BillingAccount, subscription: Subscription, *, owed: Invoice | None = None
) -> SubscriptionCard:
    """One subscription in a member's words, ready for a template."""
    product = subscription.product
    method = subscription.payment_method
    card = SubscriptionCard(
        name=name_of(subscription),
        state=subscription.state,
        price=price_of(subscription),
        items=_items_of(subscription),
        features=product.marketing_features if product else [],
        payment_method=method.label if method else "",
        started=subscription.created,
        next_charge=subscription.next_charge_at,
        next_amount=_amount_of(subscription),
        trial_end=subscription.trial_end,
        ends=subscription.ends_at,
        paid_until=subscription.current_period_end,
        url=address("subscription", subscription.pk),
    )
    if owed is not None:
        _add_debt(card, account, owed)
    _add_choices(card, account, subscription)
    return card


def name_of(subscription: Subscription) -> str:
    """The plan and how often it is paid: "Supporter · monthly"."""
    price = subscription.price
    if price is None or not price.interval:
        return subscription.name
    every = interval_title(price.interval, price.interval_count)
    return f"{subscription.name} · {every.lower()}"


def price_of(subscription: Subscription) -> str:
    """What it costs and how often: "€12.00 a month, tax included"."""
    price = subscription.price
    if price is None:
        return ""
    amount = _amount_of(subscription) or _("Depends on use")
    words = f"{amount} {price.interval_label}".strip()
    return ", ".join(part for part in (words, tax_words(price)) if part)


def _amount_of(subscription: Subscription) -> str:
    amount = subscription.recurring_amount
    if amount is None or not subscription.currency:
        return ""
    return format_amount(amount, subscription.currency)


def _items_of(subscription: Subscription) -> list[str]:
    """Its lines, where there is more to say than the name says."""
    items = list(subscription.items.all())
    if len(items) == 1 and (items[0].quantity or 1) == 1:
        return []
    return [
        f"{item.quantity or 1} × {item.price.product or ''} "
        f"({item.price.amount_label} {item.price.interval_label})"
        for item in items
        if item.price is not None
    ]


def _open_invoices(account: BillingAccount) -> dict[str, Invoice]:
    """The oldest unpaid invoice of each subscription."""
    unpaid = account.invoices.filter(status="open").exclude(subscription=None)
    return {invoice.subscription_id: invoice for invoice in unpaid}


def _add_debt(
    card: SubscriptionCard, account: BillingAccount, invoice: Invoice
) -> None:
    card.owed = format_amount(invoice.amount_remaining, invoice.currency)
    card.next_attempt = moment(invoice.data.get("next_payment_attempt"))
    if may_pay(account, invoice):
        card.pay_url = address("invoice_pay", invoice.pk)


def _add_choices(
    card: SubscriptionCard, account: BillingAccount, subscription: Subscription
) -> None:
    if may_undo_cancel(account, subscription):
        card.undo_url = address("undo_cancel", subscription.pk)
        return
    decision = may_cancel(account, subscription)
    if decision:
        card.cancel_url = address("cancel", subscription.pk)
    elif not card.is_over and decision.code != "not_offered":
        card.why_not_cancel = str(decision.reason)
