from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .base import address
from .cancel_step import CancelStepSection
from .subscription_card import card_of


class CancelConfirmSection(CancelStepSection):
    """Last step of leaving: the last day, what ends then, and that it can be undone."""

    template_name = "wagtail_billing_portal/sections/cancel_confirm.html"

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        context |= {
            "card": card_of(self.account, self.subscription),
            "back_url": address("cancel", self.subscription.pk),
            "has_reason_step": bool(self.account.settings.offered_reasons),
        }
        return context
