from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..accounts import BillingAccount
from ..policies.customers import may_open_hosted_portal
from .base import Section, address, login_url, new_key, plans_url
from .subscription_card import SubscriptionCard, cards_of


class SubscriptionsSection(Section):
    """Every subscription of a member: what it is, what it costs, what comes next."""

    template_name = "wagtail_billing_portal/sections/subscriptions.html"

    def __init__(
        self,
        account: BillingAccount | None,
        *,
        heading: str = "",
        button_text: str = "",
        empty_text: str = "",
        cards: Sequence[SubscriptionCard] | None = None,
        is_rest: bool = False,
    ) -> None:
        """``cards`` shows given ones, such as a preview's, instead of the account's.

        ``is_rest``: one stands above them, so that none here is none too few.
        """
        super().__init__(heading=heading)
        self.account = account
        self.button_text = button_text
        self.empty_text = empty_text
        self.given_cards = cards
        self.is_rest = is_rest

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        cards = self._cards()
        running = [card for card in cards if not card.is_over]
        running.sort(key=lambda card: card.urgency)
        context |= {
            "account": self.account,
            "cards": running,
            "ended": [card for card in cards if card.is_over],
            "button_text": self.button_text,
            "empty_text": self.empty_text,
            "is_rest": self.is_rest,
            "plans_url": plans_url(self.account, context["request"])
            if self.account is not None and not running
            else "",
            "login_url": login_url(context.get("here", "")),
            "portal_key": new_key() if self._has_hosted_portal() else "",
            "portal_url": address("hosted_portal"),
        }
        return context

    def _cards(self) -> Sequence[SubscriptionCard]:
        if self.given_cards is not None:
            return self.given_cards
        if self.account is None:
            return []
        return cards_of(self.account, self.account.subscriptions)

    def _has_hosted_portal(self) -> bool:
        return self.account is not None and bool(may_open_hosted_portal(self.account))
