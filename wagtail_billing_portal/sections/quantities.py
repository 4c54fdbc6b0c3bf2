from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Form

from ..accounts import BillingAccount
from ..models import Subscription, SubscriptionItem
from ..policies.hosted import may_change_hosted
from .hosted_way import hosted_way
from .of_subscription import OfOneSubscription
from .words import plan_words, price_words


@dataclass(frozen=True)
class CountedItem:
    """How many there are of one item, and the form to have another number."""

    name: str
    each: str
    now: int
    form: Form


class QuantitySection(OfOneSubscription):
    """How many of a plan, or of each item that is counted."""

    template_name = "wagtail_billing_portal/sections/quantity.html"

    def __init__(
        self,
        account: BillingAccount,
        subscription: Subscription,
        forms: Mapping[SubscriptionItem, Form],
    ) -> None:
        super().__init__(account, subscription)
        self.forms = forms

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        has_others = len(self.subscription.items.all()) > 1
        context["is_only"] = len(self.forms) == 1
        context["counted"] = [
            CountedItem(
                name=plan_words(item.price) if has_others else "",
                each=price_words(item.price, item.currency),
                now=item.quantity or 1,
                form=form,
            )
            for item, form in self.forms.items()
        ]
        context |= hosted_way(
            may_change_hosted(self.account, self.subscription),
            "hosted_change",
            self.subscription,
        )
        return context
