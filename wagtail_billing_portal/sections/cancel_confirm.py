from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import Form

from ..accounts import BillingAccount
from ..models import Subscription
from .base import Section, address
from .subscription_card import card_of


class CancelConfirmSection(Section):
    """Last step of leaving: the last day, what ends then, and that it can be undone."""

    template_name = "wagtail_billing_portal/sections/cancel_confirm.html"

    def __init__(
        self, account: BillingAccount, subscription: Subscription, form: Form
    ) -> None:
        super().__init__()
        self.account = account
        self.subscription = subscription
        self.form = form

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        settings = self.account.settings
        context |= {
            "form": self.form,
            "name": self.subscription.name,
            "card": card_of(self.account, self.subscription),
            "back_url": address("cancel", self.subscription.pk),
            "keep_url": address("subscription", self.subscription.pk),
            "has_reason_step": bool(settings.offered_reasons),
        }
        return context
