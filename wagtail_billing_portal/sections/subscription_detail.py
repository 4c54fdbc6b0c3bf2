from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..accounts import BillingAccount
from ..models import Subscription
from ..policies.customers import may_open_hosted_portal
from .base import Section, address, new_key, page_address, plans_url
from .card_acts import add_changes, add_discounts, add_ends, add_pauses
from .hosted_way import straight_ways
from .subscription_card import cards_of
from .timeline import future_of, past_of


class SubscriptionDetailSection(Section):
    """One subscription in full: what it is, what it costs, when, what can be done."""

    template_name = "wagtail_billing_portal/sections/subscription_detail.html"

    def __init__(
        self, account: BillingAccount, subscription: Subscription, *, heading: str = ""
    ) -> None:
        super().__init__(heading=heading)
        self.account = account
        self.subscription = subscription

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        [card] = cards_of(self.account, [self.subscription])
        for add in (add_changes, add_pauses, add_ends, add_discounts):
            add(card, self.account, self.subscription)
        hosted = may_open_hosted_portal(self.account)
        context |= {
            "card": card,
            "ways": straight_ways(self.account, self.subscription),
            "future": future_of(card),
            "past": past_of(self.subscription),
            "plans_url": plans_url(self.account, context["request"])
            if card.may_choose_again
            else "",
            "contact_url": page_address(
                self.account.settings.contact_page, context["request"]
            ),
            "portal_key": new_key() if hosted else "",
            "portal_url": address("hosted_portal"),
        }
        return context
