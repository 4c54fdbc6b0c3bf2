"""Choosing another plan or an extra, and looking at what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _

from ..accounts import BillingAccount
from ..actions.figures import Preview
from ..models import Price, Subscription, SubscriptionItem
from ..money import format_amount
from ..policies.base import Decision
from ..policies.hosted import may_change_hosted
from ..policies.plans import (
    Option,
    extras_for,
    is_extra,
    may_have,
    options_for,
    units_in_place_of,
)
from ..policies.subscriptions import may_add, may_remove
from ..policies.timing import Change, comes_at, waits
from .bills import bill_words
from .hosted_way import hosted_way
from .of_subscription import OfOneSubscription, change_url
from .words import date_words, plan_words, price_words, tax_sentence


@dataclass(frozen=True)
class Choice:
    """A price that a member may choose, or why not."""

    name: str
    price: str
    features: list[str] = field(default_factory=list)
    url: str = ""
    button: str = ""
    #: When it would come, where that is not at once.
    note: str = ""
    why_not: Decision | None = None
    is_current: bool = False
    quantity: str = ""


@dataclass(frozen=True)
class ChoiceOfPlans:
    """What one item of a subscription is, and what it could be instead."""

    choices: list[Choice]
    #: Whose place it is; empty where there is no other.
    heading: str = ""


class ChangePlanSection(OfOneSubscription):
    """The plans of the group, the member's own among them; so for each item."""

    template_name = "wagtail_billing_portal/sections/change_plan.html"

    def __init__(
        self,
        account: BillingAccount,
        subscription: Subscription,
        items: Sequence[SubscriptionItem],
    ) -> None:
        super().__init__(account, subscription)
        self.items = items

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        context["groups"] = [self._group(item) for item in self.items]
        context |= hosted_way(
            may_change_hosted(self.account, self.subscription),
            "hosted_change",
            self.subscription,
        )
        return context

    def _group(self, item: SubscriptionItem) -> ChoiceOfPlans:
        options = options_for(self.account, self.subscription, item)
        choices = [self._choice(item, option) for option in options]
        plan = {"plan": plan_words(item.price)}
        heading = _("Instead of %(plan)s") % plan if len(self.items) > 1 else ""
        return ChoiceOfPlans([_current(item), *choices], heading)

    def _choice(self, item: SubscriptionItem, option: Option) -> Choice:
        price = option.price
        count = units_in_place_of(self.account, item, price)
        change = Change(item, price, count)
        is_later = waits(self.account.settings, self.subscription, change)
        end = comes_at(self.subscription, change)
        name = plan_words(price)
        return Choice(
            name=name,
            price=price_words(price, item.currency, count),
            features=_features_of(price),
            url=self._url(item, option, count),
            button=_("Switch to %(plan)s") % {"plan": name},
            note=_("From %(date)s") % {"date": date_words(end)} if is_later else "",
            why_not=option.decision,
        )

    def _url(self, item: SubscriptionItem, option: Option, count: int) -> str:
        price, held = option.price, item.quantity
        if not option.decision or not may_have(self.account, price, count, held=held):
            return ""
        return change_url(
            self.subscription, item=item.pk, price=price.pk, quantity=count
        )


class ExtrasSection(OfOneSubscription):
    """What a subscription has besides its plan, and what it could have."""

    template_name = "wagtail_billing_portal/sections/extras.html"

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        options = extras_for(self.account, self.subscription)
        decision = may_add(self.account, self.subscription)
        context |= {
            "held": self._held(),
            "choices": [self._choice(option) for option in options],
            "why_not": decision if options else None,
        }
        return context

    def _held(self) -> list[Choice]:
        extras = [
            item
            for item in self.subscription.items.all()
            if is_extra(self.account, item)
        ]
        return [self._removal(item) for item in extras]

    def _removal(self, item: SubscriptionItem) -> Choice:
        decision = may_remove(self.account, self.subscription, item)
        url = change_url(self.subscription, item=item.pk, remove=1) if decision else ""
        name = plan_words(item.price)
        return Choice(
            name=name,
            price=price_words(item.price, item.currency, item.quantity or 1),
            url=url,
            button=_("Remove %(plan)s") % {"plan": name},
            why_not=decision,
        )

    def _choice(self, option: Option) -> Choice:
        price = option.price
        name = plan_words(price)
        decision = may_add(self.account, self.subscription, price)
        count = option.plan.minimum
        url = change_url(self.subscription, price=price.pk, add=1, quantity=count)
        return Choice(
            name=name,
            price=price_words(
                price, self.subscription.currency or price.currency, count
            ),
            features=_features_of(price),
            url=url if decision else "",
            button=_("Add %(plan)s") % {"plan": name},
            why_not=decision,
        )


class ChangeConfirmSection(OfOneSubscription):
    """Exactly what will happen: from what to what, when, and for how much."""

    template_name = "wagtail_billing_portal/sections/change_confirm.html"

    def __init__(
        self,
        account: BillingAccount,
        subscription: Subscription,
        preview: Preview,
        form: Form,
    ) -> None:
        super().__init__(account, subscription)
        self.preview = preview
        self.form = form

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        figures, change = self.preview.figures, self.preview.change
        old, new = change.price_before, change.price
        count = (change.item and change.item.quantity) or 1
        currency = figures.currency
        context |= {
            "form": self.form,
            "before": plan_words(old) if old else "",
            "before_price": price_words(old, currency, count) if old else "",
            "after": plan_words(new) if new else "",
            "after_price": price_words(new, currency, change.quantity) if new else "",
            "is_addition": change.is_addition,
            "is_removal": change.is_removal,
            "changes_on": figures.changes,
            "now": bill_words(figures.now, currency) if figures.now else None,
            "then": bill_words(figures.then, currency) if figures.then else None,
            "then_on": figures.charged_then,
            "ends_trial": figures.ends_trial,
            "trial_goes_on": self.subscription.on_trial and not figures.ends_trial,
            "is_invoiced": self.subscription.is_paid_by_invoice,
            "method": self._method(),
            "is_paid_afterwards": self.subscription.is_paid_afterwards,
            "others_stay": len(self.subscription.items.all()) > 1,
            "button": self._button(),
            "tax": tax_sentence(new or old, currency),
            **self._hosted_way(),
        }
        return context

    def _hosted_way(self) -> dict[str, str]:
        change = self.preview.change
        return hosted_way(
            may_change_hosted(self.account, self.subscription, change),
            "hosted_confirm",
            self.subscription,
            **change.as_words(),
        )

    def _method(self) -> str:
        method = self.subscription.payment_method
        return method.label if method else ""

    def _button(self) -> str:
        figures, change = self.preview.figures, self.preview.change
        if figures.changes:
            return _("Change on %(date)s") % {"date": date_words(figures.changes)}
        if figures.due_now > 0 and not self.subscription.is_paid_by_invoice:
            words = {"amount": self._money(figures.due_now)}
            if change.item is None:
                return _("Pay %(amount)s and add") % words
            if change.is_of_quantity or change.is_removal:
                return _("Pay %(amount)s and change") % words
            return _("Pay %(amount)s and switch") % words
        if change.is_removal:
            return _("Remove")
        if change.item is None:
            return _("Add")
        return _("Change") if change.is_of_quantity else _("Switch")

    def _money(self, amount: int) -> str:
        return format_amount(amount, self.preview.figures.currency)


def _current(item: SubscriptionItem) -> Choice:
    return Choice(
        name=plan_words(item.price),
        price=price_words(item.price, item.currency, item.quantity or 1),
        features=_features_of(item.price),
        is_current=True,
    )


def _features_of(price: Price | None) -> list[str]:
    return price.product.marketing_features if price and price.product else []
