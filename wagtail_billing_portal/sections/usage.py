from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..accounts import BillingAccount
from ..actions.usage import Usage, Use
from ..models import Subscription, SubscriptionItem
from ..money import format_amount, format_count
from ..policies.invoices import may_list
from .base import Section, address, login_url
from .bills import bill_words
from .of_subscription import OfOneSubscription
from .subscription_card import name_of
from .usage_scale import Step, sentence_of, steps_of
from .words import tax_words

#: Letters of a figure.
LONG = 12
WITHIN_A_FEE = gettext_lazy("A flat fee covers this, so that nothing is counted here.")
UNKNOWN = gettext_lazy("How many is not known just now.")


@dataclass
class MeteredItem:
    """Something that is counted, as a member reads it."""

    name: str
    #: How many so far, in words; empty where that was not asked or is not known.
    used: str = ""
    cost: str = ""
    #: Whether tax is in it.
    tax: str = ""
    since: datetime | None = None
    until: datetime | None = None
    steps: Sequence[Step] = ()
    sentence: str = ""
    #: What else there is to know, such as why there is no number.
    note: str = ""

    @property
    def is_long(self) -> bool:
        """Whether its figures would be torn apart on a phone, set as large as others."""
        return max(len(self.used), len(self.cost)) > LONG


@dataclass
class MeteredCard:
    """A subscription with what of it is counted, and the way to how much was."""

    name: str
    url: str
    items: Sequence[MeteredItem] = field(default_factory=list)


class UsageSection(OfOneSubscription):
    """What was used of a subscription so far, what that costs, and the next invoice."""

    template_name = "wagtail_billing_portal/sections/usage.html"

    def __init__(
        self,
        account: BillingAccount,
        subscription: Subscription,
        usage: Usage | None,
    ) -> None:
        """``usage`` is ``None`` where Stripe could not be asked."""
        super().__init__(account, subscription)
        self.usage = usage

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        subscription = self.subscription
        context |= {
            "items": [self._item(it) for it in subscription.metered_items],
            "is_known": self.usage is not None,
            "is_over": subscription.has_ended,
            "is_resting": subscription.is_resting,
            "on_trial": subscription.on_trial,
            "invoices_url": address("invoices") if may_list(self.account) else "",
            **self._estimate(),
        }
        return context

    def _estimate(self) -> dict[str, Any]:
        subscription = self.subscription
        bill = self.usage.bill if self.usage else None
        if bill is None or subscription.is_resting:
            return {"bill": None}
        due = subscription.trial_end or subscription.current_period_end
        ends = subscription.ends_at
        is_last = ends is not None and due is not None and ends <= due
        return {
            "bill": bill_words(bill, subscription.currency),
            "charged_on": ends if is_last else due,
            "is_last": is_last,
            "has_tax_within": _has_tax_within(subscription),
        }

    def _item(self, item: SubscriptionItem) -> MeteredItem:
        subscription, usage = self.subscription, self.usage
        # What a trial gives away Stripe counts as nothing, whatever was used.
        is_free = subscription.on_trial
        use = usage.uses.get(item.pk) if usage and not is_free else None
        shown = item_of(item, use)
        if is_free or subscription.status == "paused":
            shown.since = shown.until = None
        elif usage and usage.bill and use is None:
            shown.note = _("The next invoice doesn't charge this yet.")
        return shown


def _has_tax_within(subscription: Subscription) -> bool:
    return all(
        item.price and item.price.tax_behavior_in(item.currency) == "inclusive"
        for item in subscription.items.all()
    )


class MeteredSection(Section):
    """What is counted of a member's subscriptions, and what it costs; asks nobody."""

    template_name = "wagtail_billing_portal/sections/metered.html"

    def __init__(
        self,
        account: BillingAccount | None,
        *,
        heading: str = "",
        cards: Sequence[MeteredCard] | None = None,
    ) -> None:
        """``cards`` shows given ones, such as a preview's, instead of the account's."""
        super().__init__(heading=heading)
        self.account = account
        self.given_cards = cards

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        context |= {
            "account": self.account,
            "cards": self._cards(),
            "login_url": login_url(context.get("here", "")),
        }
        return context

    def _cards(self) -> Sequence[MeteredCard]:
        if self.given_cards is not None or self.account is None:
            return self.given_cards or []
        return [
            MeteredCard(
                name_of(subscription),
                address("usage", subscription.pk),
                [item_of(item) for item in subscription.metered_items],
            )
            for subscription in self.account.current_subscriptions
            if subscription.metered_items
        ]


def item_of(item: SubscriptionItem, use: Use | None = None) -> MeteredItem:
    """A metered item in words, with what was used of it if that is known."""
    price, currency = item.price, item.currency
    if price is None:
        return MeteredItem(item.pk)
    quantity = use.quantity if use else None
    since, until = item.current_period
    shown = MeteredItem(
        name=str(price.product or price.pk),
        since=since,
        until=until,
        steps=steps_of(price, currency, quantity),
        sentence=sentence_of(price, currency, quantity if use else Decimal(0)),
    )
    if use is None:
        # Where nobody asked, the steps say what it costs, and no more.
        shown.sentence = "" if shown.steps else shown.sentence
        return shown
    if use.amount is not None:
        shown.cost, shown.tax = (
            format_amount(use.amount, currency),
            tax_words(price, currency),
        )
    if quantity is None:
        has_fees = any(tier.is_flat_only for tier in price.tiers_in(currency))
        shown.note = str(WITHIN_A_FEE if has_fees else UNKNOWN)
    else:
        shown.used = format_count(quantity)
    return shown
