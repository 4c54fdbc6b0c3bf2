from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from babel.lists import format_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..accounts import BillingAccount
from ..models import (
    Invoice,
    Price,
    Subscription,
    SubscriptionItem,
    SubscriptionState,
    moment,
)
from ..models.catalog import interval_words
from ..money import babel_locale_of, format_amount
from ..policies.base import Decision
from ..policies.invoices import may_pay
from ..policies.subscriptions import may_undo_cancel, resumption_invoice
from .base import address, new_key
from .discounts import DiscountLine
from .next_charge import amounts_to_come
from .words import each_words, plan_words, tax_words

TONES = {
    SubscriptionState.ACTIVE: "good",
    SubscriptionState.TRIALING: "good",
    SubscriptionState.ENDING: "warn",
    SubscriptionState.PAST_DUE: "warn",
    SubscriptionState.INCOMPLETE: "warn",
    SubscriptionState.UNPAID: "bad",
}
OWING = (
    SubscriptionState.PAST_DUE,
    SubscriptionState.INCOMPLETE,
    SubscriptionState.UNPAID,
)
#: A page that offers none of it is no riddle, or says so elsewhere.
NEEDS_NO_EXCUSE = (
    "",
    "ended",
    "ending",
    "no_code",
    "no_such_item",
    "not_counted",
    "not_offered",
    "nothing_else",
    "payment_pending",
    "resumption_unpaid",
    "trialing",
)


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
    #: How much that is; empty where it is not known for certain.
    next_amount: str = ""
    trial_end: datetime | None = None
    ends: datetime | None = None
    paid_until: datetime | None = None
    owed: str = ""
    due: datetime | None = None
    #: Invoices are sent, and nothing is charged by itself.
    is_invoiced: bool = False
    next_attempt: datetime | None = None
    pay_url: str = ""
    url: str = ""
    #: How much was used of what is counted, where anything is.
    usage_url: str = ""
    cancel_url: str = ""
    undo_url: str = ""
    #: After the end: the same plan again, or another.
    again_url: str = ""
    may_choose_again: bool = False
    change_url: str = ""
    quantity_url: str = ""
    extras_url: str = ""
    undo_change_url: str = ""
    #: What it changes to by itself, and when.
    comes: str = ""
    comes_on: datetime | None = None
    #: What it changes to once a payment has gone through, and until when that waits.
    awaits: str = ""
    awaits_until: datetime | None = None
    pause_url: str = ""
    resume_url: str = ""
    #: Invoices alone are let go: what was bought goes on.
    is_uncollected: bool = False
    #: Resumed, but for the payment.
    awaits_payment: bool = False
    resumes: datetime | None = None
    code_url: str = ""
    #: Something is taken off the price at the moment.
    is_discounted: bool = False
    discounts: list[DiscountLine] = field(default_factory=list)
    #: What has no button, and why.
    why_not: list[Decision] = field(default_factory=list)
    code_key: str = field(default_factory=new_key)
    key: str = field(default_factory=new_key)

    @property
    def tone(self) -> str:
        return TONES.get(self.state, "neutral")

    @property
    def urgency(self) -> int:
        """What needs doing comes first, and what rests comes last."""
        if self.state in OWING or self.awaits_until:
            return 0
        return 2 if self.state == SubscriptionState.PAUSED else 1

    @property
    def is_over(self) -> bool:
        return self.state == SubscriptionState.ENDED

    def explain(self, decision: Decision) -> None:
        """Say why something has no button, once; some need no excuse."""
        said = {str(it.reason) for it in self.why_not}
        if decision.code not in NEEDS_NO_EXCUSE and str(decision.reason) not in said:
            self.why_not.append(decision)


def cards_of(
    account: BillingAccount, subscriptions: Iterable[Subscription]
) -> list[SubscriptionCard]:
    """Cards for these subscriptions of ``account``: two queries at most.

    One if money is owed, one where what comes next may be known.
    """
    shown = list(subscriptions)
    is_owed = any(_may_owe(s) for s in shown)
    owed = account.open_invoices if is_owed else {}
    amounts = amounts_to_come(account, shown)
    cards = []
    for it in shown:
        card = card_of(account, it, owed=_oldest(owed.get(it.pk)))
        if card.next_charge and it.pk in amounts:
            card.next_amount = format_amount(amounts[it.pk], it.currency)
        cards.append(card)
    return cards


def _may_owe(subscription: Subscription) -> bool:
    return bool(
        subscription.needs_payment
        or subscription.is_paid_by_invoice
        or subscription.pending_update
        or subscription.status == "paused"
    )


def card_of(
    account: BillingAccount, subscription: Subscription, *, owed: Invoice | None = None
) -> SubscriptionCard:
    """One subscription in a member's words, ready for a template."""
    card = SubscriptionCard(
        name=name_of(subscription),
        state=subscription.state,
        price=price_of(subscription),
        items=_items_of(subscription),
        features=_features_of(subscription),
        payment_method=_paid_by(subscription),
        started=subscription.created,
        next_charge=subscription.next_charge_at,
        trial_end=subscription.trial_end,
        ends=subscription.ends_at,
        paid_until=subscription.paid_until,
        url=address("subscription", subscription.pk),
        is_invoiced=subscription.is_paid_by_invoice,
        is_discounted=bool(subscription.current_discounts),
    )
    if subscription.metered_items and not card.is_over:
        card.usage_url = address("usage", subscription.pk)
    _add_rest(card, account, subscription)
    if (waiting := subscription.pending_update) is not None:
        card.awaits_until = moment(waiting.get("expires_at"))
    if (phase := phase_to_come(subscription)) is not None:
        card.comes_on = moment(phase["start_date"])
    if owed is not None:
        _add_debt(card, account, owed)
    if may_undo_cancel(account, subscription):
        card.undo_url = address("undo_cancel", subscription.pk)
    return card


def phase_to_come(subscription: Subscription) -> dict[str, Any] | None:
    """What a schedule changes next, if it does."""
    schedule = subscription.schedule
    if schedule is None or not subscription.is_scheduled:
        return None
    return schedule.next_phase


def name_of(subscription: Subscription) -> str:
    """The plan and how often it is paid: "Supporter · monthly"."""
    price = subscription.price
    if price is None or not price.interval:
        return subscription.name
    if len(subscription.items.all()) > 1:
        return subscription.name
    return plan_words(price)


def price_of(subscription: Subscription) -> str:
    """What it costs and how often: "€12.00 a month and €9.00 a year, tax included"."""
    price = subscription.price
    if price is None:
        return ""
    currency = subscription.currency or price.currency
    amounts = subscription.recurring_amounts.items()
    if not subscription.metered_items and None in dict(amounts).values():
        # What is not known here is not said.
        return ""
    each = [
        f"{format_amount(amount, currency)} {interval_words(*period)}"
        if amount is not None
        else _("Depends on use")
        for period, amount in amounts
    ]
    words = format_list([it.strip() for it in each], locale=babel_locale_of())
    return ", ".join(part for part in (words, tax_words(price, currency)) if part)


def _items_of(subscription: Subscription) -> list[str]:
    """Its lines, where there is more to say than the name says."""
    items = list(subscription.items.all())
    if len(items) == 1 and (items[0].quantity or 1) == 1:
        return []
    return [_item_words(item, item.price) for item in items if item.price is not None]


def _item_words(item: SubscriptionItem, price: Price) -> str:
    if item.is_metered:
        return f"{price.product or ''} ({_('by usage')})"
    words = f"{item.quantity or 1} × {price.product or ''}"
    each = each_words(price, item.currency)
    return f"{words} ({each})" if each else words


def _features_of(subscription: Subscription) -> list[str]:
    """What all that is in it brings, each once."""
    products = [it.price.product for it in subscription.items.all() if it.price]
    features = [name for it in products if it for name in it.marketing_features]
    return list(dict.fromkeys(features))


def _paid_by(subscription: Subscription) -> str:
    """ "Visa ending 4242", or until when an invoice has to be paid."""
    if not subscription.is_paid_by_invoice:
        method = subscription.payment_method
        return method.label if method else ""
    if not (days := subscription.data.get("days_until_due")):
        return _("Invoice, due at once")
    words = ngettext(
        "Invoice, due within %(n)s day", "Invoice, due within %(n)s days", days
    )
    return words % {"n": days}


def _oldest(unpaid: list[Invoice] | None) -> Invoice | None:
    return unpaid[-1] if unpaid else None


def _add_debt(
    card: SubscriptionCard, account: BillingAccount, invoice: Invoice
) -> None:
    card.owed = format_amount(invoice.amount_remaining, invoice.currency)
    card.next_attempt = moment(invoice.data.get("next_payment_attempt"))
    card.due = moment(invoice.data.get("due_date"))
    if may_pay(account, invoice):
        card.pay_url = address("invoice_pay", invoice.pk)


def _add_rest(
    card: SubscriptionCard, account: BillingAccount, subscription: Subscription
) -> None:
    if not subscription.is_resting:
        return
    card.resumes = subscription.resumes_at
    card.awaits_payment = resumption_invoice(account, subscription) is not None
    card.is_uncollected = subscription.status != "paused"
    ends_first = card.resumes and card.next_charge and card.resumes <= card.next_charge
    if not ends_first:
        card.next_charge = None
