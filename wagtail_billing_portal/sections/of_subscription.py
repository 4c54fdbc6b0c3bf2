from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ..accounts import BillingAccount
from ..models import Subscription
from .base import Section, address, page_address
from .subscription_card import name_of


def change_url(subscription: Subscription, **query: Any) -> str:
    """The page that shows what a change costs: ``price=...``, ``quantity=...``, ..."""
    there = address("change_confirm", subscription.pk)
    return f"{there}?{urlencode(query)}"


class OfOneSubscription(Section):
    """A section about one subscription of a member, with the way back to it."""

    def __init__(self, account: BillingAccount, subscription: Subscription) -> None:
        super().__init__()
        self.account = account
        self.subscription = subscription

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        context |= {
            "name": name_of(self.subscription),
            "back_url": address("subscription", self.subscription.pk),
            "contact_url": page_address(
                self.account.settings.contact_page, context["request"]
            ),
        }
        return context
