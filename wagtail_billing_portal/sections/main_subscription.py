from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from laces.components import Component

from ..accounts import BillingAccount
from .base import Section
from .subscription_card import SubscriptionCard, cards_of
from .subscription_detail import SubscriptionDetailSection
from .subscriptions import SubscriptionsSection


class MainSubscriptionSection(Section):
    """The subscription of a member that needs looking at first, in full; then the rest."""

    template_name = "wagtail_billing_portal/sections/main_subscription.html"

    def __init__(
        self,
        account: BillingAccount | None,
        *,
        heading: str = "",
        empty_text: str = "",
        card: SubscriptionCard | None = None,
    ) -> None:
        """``card`` shows a given one, such as a preview's, instead of the account's."""
        super().__init__(heading=heading)
        self.account = account
        self.empty_text = empty_text
        self.given_card = card

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        context["parts"] = self._parts()
        return context

    def _parts(self) -> list[Component]:
        if self.given_card is not None:
            card = self.given_card
            heading = self.heading
            return [SubscriptionDetailSection(None, None, heading=heading, card=card)]
        found = list(self.account.subscriptions) if self.account else []
        cards = cards_of(self.account, found) if self.account else []
        pairs = sorted(zip(cards, found, strict=True), key=lambda it: it[0].urgency)
        running = [pair for pair in pairs if not pair[0].is_over]
        if not running:
            return [self._nothing()]
        first = running[0][1]
        parts: list[Component] = [
            SubscriptionDetailSection(self.account, first, heading=self.heading)
        ]
        if rest := [card for card, one in pairs if one is not first]:
            heading = _("Your other subscriptions") if len(running) > 1 else ""
            parts.append(
                SubscriptionsSection(
                    self.account, heading=heading, cards=rest, is_rest=True
                )
            )
        return parts

    def _nothing(self) -> Component:
        return SubscriptionsSection(
            self.account, heading=self.heading, empty_text=self.empty_text
        )
