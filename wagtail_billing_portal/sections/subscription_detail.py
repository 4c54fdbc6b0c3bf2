from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from ..accounts import BillingAccount
from ..models import Subscription
from ..policies.customers import may_open_hosted_portal
from .base import Section, address, new_key, page_address, plans_url
from .card_acts import add_changes, add_discounts, add_ends, add_pauses
from .hosted_way import straight_ways
from .subscription_card import SubscriptionCard, cards_of
from .timeline import begun, future_of, past_of


class SubscriptionDetailSection(Section):
    """One subscription in full: what it is, what it costs, when, what can be done."""

    template_name = "wagtail_billing_portal/sections/subscription_detail.html"

    def __init__(
        self,
        account: BillingAccount | None,
        subscription: Subscription | None,
        *,
        heading: str = "",
        card: SubscriptionCard | None = None,
    ) -> None:
        """``card`` shows a given one, such as a preview's, of nobody's account."""
        super().__init__(heading=heading)
        self.account = account
        self.subscription = subscription
        self.given_card = card

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        if self.account is not None and self.subscription is not None:
            context |= _of_own(self.account, self.subscription, context["request"])
        elif (card := self.given_card) is not None:
            context |= {"card": card, "future": future_of(card), "past": begun(card)}
        return context


def _of_own(
    account: BillingAccount, subscription: Subscription, request: HttpRequest | None
) -> dict[str, Any]:
    [card] = cards_of(account, [subscription])
    for add in (add_changes, add_pauses, add_ends, add_discounts):
        add(card, account, subscription)
    return {
        "card": card,
        "ways": straight_ways(account, subscription),
        "future": future_of(card),
        "past": past_of(subscription),
        "plans_url": plans_url(account, request) if card.may_choose_again else "",
        "contact_url": page_address(account.settings.contact_page, request),
        "portal_key": new_key() if may_open_hosted_portal(account) else "",
        "portal_url": address("hosted_portal"),
    }
