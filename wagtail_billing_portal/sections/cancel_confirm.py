from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.forms import Form

from ..accounts import BillingAccount
from ..actions.settlements import Settlement
from ..models import Subscription
from ..money import format_amount
from .base import address
from .cancel_step import CancelStepSection
from .subscription_card import card_of


class CancelConfirmSection(CancelStepSection):
    """Last step of leaving: the last day, what ends then, and that it can be undone."""

    template_name = "wagtail_billing_portal/sections/cancel_confirm.html"

    def __init__(
        self,
        account: BillingAccount,
        subscription: Subscription,
        form: Form,
        *,
        ends_later: bool,
        settlement: Settlement | None = None,
    ) -> None:
        super().__init__(account, subscription, form)
        self.ends_later = ends_later
        self.settlement = settlement

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        context |= {
            "card": card_of(self.account, self.subscription),
            "back_url": address("cancel", self.subscription.pk),
            "has_access": self.subscription.grants_access,
            "has_end": self.ends_later,
            "has_choice": self.ends_later and self.settlement is not None,
            "charged_before": self._charged_before(),
            "now": self._now(),
            "has_reason_step": bool(self.account.settings.offered_reasons),
        }
        return context

    def _charged_before(self) -> datetime | None:
        """The next charge, where some items are paid more often than others."""
        ends = self.subscription.period_ends
        return ends[0] if len(ends) > 1 else None

    def _now(self) -> dict[str, Any] | None:
        """What ending it at once means in money."""
        if (it := self.settlement) is None:
            return None
        return {
            "back": format_amount(it.back, it.currency) if it.back else "",
            "owed": format_amount(it.owed, it.currency) if it.owed else "",
            "kept": format_amount(it.kept, it.currency) if it.kept else "",
            "is_refund": it.is_refund,
        }
