from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import Form

from ..accounts import BillingAccount
from ..models import Subscription
from .base import Section, address


class CancelReasonSection(Section):
    """First step of leaving: why, if the member likes to say."""

    template_name = "wagtail_billing_portal/sections/cancel_reason.html"

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
        context |= {
            "form": self.form,
            "name": self.subscription.name,
            "keep_url": address("subscription", self.subscription.pk),
        }
        return context
