from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from ..accounts import BillingAccount
from ..models import Price, Product, Subscription
from ..money import format_amount
from ..policies.catalog import may_subscribe
from ..policies.offers import offer_of
from ..policies.plans import units_in_place_of
from ..policies.subscriptions import may_change_plan
from ..policies.timing import Change
from .base import Section, address, login_url, new_key, query_of
from .of_subscription import change_url
from .rates import rates_of
from .words import amount_words, interval_title, tax_words


@dataclass(frozen=True)
class Plan:
    """One plan as an editor set it up: prices to choose from, and how to show it."""

    prices: Sequence[Price]
    name: str = ""
    description: str = ""
    features: Sequence[str] = ()
    badge: str = ""
    is_highlighted: bool = False
    call_to_action: str = ""

    @property
    def product(self) -> Product | None:
        return self.prices[0].product if self.prices else None

    @property
    def title(self) -> str:
        return self.name or (self.product.name if self.product else "")


@dataclass
class PlanCard:
    """One plan as this visitor sees it: one price, and what they can do with it."""

    plan: Plan
    price: Price
    #: What this visitor pays in; else the price's own.
    currency: str = ""
    subscription: Subscription | None = None
    action: str = ""
    url: str = ""
    reason: str = ""
    look: str = ""
    key: str = field(default_factory=new_key)

    def __post_init__(self) -> None:
        self.currency = self.currency or self.price.currency

    @property
    def name(self) -> str:
        return self.plan.title

    @property
    def description(self) -> str:
        if self.plan.description or self.plan.product is None:
            return self.plan.description
        return self.plan.product.description

    @property
    def features(self) -> Sequence[str]:
        if self.plan.features or self.plan.product is None:
            return self.plan.features
        return self.plan.product.marketing_features

    @property
    def is_highlighted(self) -> bool:
        return self.plan.is_highlighted

    @property
    def badge(self) -> str:
        return _("Your plan") if self.subscription else self.plan.badge

    @property
    def button(self) -> str:
        return self.plan.call_to_action or _("Choose %(plan)s") % {"plan": self.name}

    @property
    def amount(self) -> str:
        amount = self.price.amount_for(1, self.currency)
        rates = rates_of(self.price, self.currency) if amount is None else []
        if len(rates) == 1:
            return rates[0]
        return amount_words(amount, self.currency, short=True)

    @property
    def rates(self) -> list[str]:
        """What each step costs, where there are several."""
        if not self.price.has_tiers:
            return []
        return rates_of(self.price, self.currency)

    @property
    def offer(self) -> str:
        """The price, signed, so that no form can ask for another."""
        return offer_of(self.price.pk)

    @property
    def interval(self) -> str:
        if self.price.is_metered or not self.price.amount_for(1, self.currency):
            return ""
        return self.price.interval_label

    @property
    def tax(self) -> str:
        has_amount = self.price.unit_amount_in(self.currency) or self.rates
        return tax_words(self.price, self.currency) if has_amount else ""


class PlansSection(Section):
    """What can be bought, side by side, in the editor's order."""

    template_name = "wagtail_billing_portal/sections/plans.html"

    def __init__(
        self,
        account: BillingAccount | None,
        plans: Sequence[Plan],
        *,
        heading: str = "",
        intro: str = "",
        default_interval: str = "",
    ) -> None:
        super().__init__(heading=heading)
        self.account = account
        self.intro = intro
        self.default_interval = default_interval
        on_sale = [
            (plan, [p for p in plan.prices if p.is_for_sale and self._is_ours(p)])
            for plan in plans
        ]
        self.plans = [(plan, prices) for plan, prices in on_sale if prices]

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        request = context["request"]
        interval = self._interval(request)
        cards = [self._card(plan, prices, interval) for plan, prices in self.plans]
        has_highlight = any(card.is_highlighted for card in cards)
        for card in cards:
            card.look = "quiet" if has_highlight and not card.is_highlighted else ""
            self._offer(card, request)
        context |= {
            "intro": self.intro,
            "intervals": self._switch(request, interval),
            "plans": cards,
            "note": _shared_note(cards),
        }
        return context

    def _is_ours(self, price: Price) -> bool:
        """Whether it is sold by the Stripe account that this site shows."""
        if self.account is None:
            return True
        return price.stripe_account == self.account.settings.stripe_account

    def _interval(self, request: HttpRequest | None) -> str:
        """The visitor's wish, else the editor's, else the first there is."""
        known = self._intervals()
        asked = request.GET.get("interval", "") if request else ""
        wishes = [asked, self.default_interval]
        return next((wish for wish in wishes if wish in known), next(iter(known), ""))

    def _intervals(self) -> dict[str, Price]:
        """Every interval on offer, the shortest first, with a price that has it."""
        prices = [price for _plan, prices in self.plans for price in prices]
        ordered = sorted((p for p in prices if p.interval), key=_length)
        return {_interval_key(price): price for price in ordered}

    def _switch(
        self, request: HttpRequest | None, current: str
    ) -> list[dict[str, object]]:
        intervals = self._intervals()
        if len(intervals) < 2:
            return []
        return [
            {
                "title": interval_title(price.interval, price.interval_count),
                "url": query_of(request, interval=key),
                "is_current": key == current,
            }
            for key, price in intervals.items()
        ]

    def _card(self, plan: Plan, prices: list[Price], interval: str) -> PlanCard:
        """The plan at the interval asked for, in the currency already paid in."""
        customer = self.account.customer if self.account else None
        paid_in = customer.currency if customer else ""
        of_interval = [p for p in prices if _interval_key(p) == interval] or prices
        price = min(
            of_interval,
            key=lambda p: (p.currency != paid_in, not p.is_sold_in(paid_in)),
        )
        currency = paid_in if price.is_sold_in(paid_in) else price.currency
        return PlanCard(plan, price, currency, subscription=self._held(plan))

    def _held(self, plan: Plan) -> Subscription | None:
        if self.account is None:
            return None
        products = {price.product_id for price in plan.prices}
        for subscription in self.account.current_subscriptions:
            for item in subscription.items.all():
                if item.price is not None and item.price.product_id in products:
                    return subscription
        return None

    def _offer(self, card: PlanCard, request: HttpRequest | None) -> None:
        """Say what the visitor can do with this plan, or why nothing."""
        if self.account is None or request is None:
            return
        if self._offer_switch(card):
            return
        if card.subscription:
            card.action = "manage"
            card.url = address("subscription", card.subscription.pk)
            card.reason = _other_price(card)
            return
        decision = may_subscribe(self.account, card.price)
        if decision.code == "anonymous":
            card.action = "log_in"
            card.url = login_url(request.get_full_path())
        elif decision:
            card.action = "subscribe"
            card.url = address("subscribe")
        if not decision and decision.code != "not_offered":
            card.reason = str(decision.reason)

    def _offer_switch(self, card: PlanCard) -> bool:
        """Lead whoever has another plan of the group to what switching costs."""
        account = self.account
        if account is None:
            return False
        for subscription in account.current_subscriptions:
            for item in subscription.items.all():
                if may_change_plan(account, subscription, item, card.price):
                    count = units_in_place_of(account, item, card.price)
                    change = Change(item, card.price, count)
                    card.action = "switch"
                    card.url = change_url(subscription, **change.as_words())
                    card.reason = _other_price(card)
                    return True
        return False


def _shared_note(cards: Sequence[PlanCard]) -> str:
    """What holds for every button of the table is said once, below it."""
    notes = {card.reason for card in cards if card.action == "log_in"}
    if len(notes) != 1:
        return ""
    for card in cards:
        card.reason = "" if card.action == "log_in" else card.reason
    return notes.pop()


def _interval_key(price: Price) -> str:
    """ "month" for each month, "3-month" for each quarter."""
    count = price.interval_count
    return price.interval if count == 1 else f"{count}-{price.interval}"


def _length(price: Price) -> int:
    days = {"day": 1, "week": 7, "month": 30, "year": 365}
    return days.get(price.interval, 0) * price.interval_count


def _other_price(card: PlanCard) -> str:
    """What a member pays for this plan, when it is not the price shown."""
    products = {price.product_id for price in card.plan.prices}
    items = card.subscription.items.all() if card.subscription else []
    held = next(
        (it for it in items if it.price and it.price.product_id in products), None
    )
    if held is None or held.price is None or held.price_id == card.price.pk:
        return ""
    amount = held.price.amount_for(1, held.currency)
    if amount is None:
        return ""
    return _("You pay %(amount)s %(interval)s.") % {
        "amount": format_amount(amount, held.currency),
        "interval": held.price.interval_label,
    }
