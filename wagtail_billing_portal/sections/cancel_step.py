from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import Form

from ..accounts import BillingAccount
from ..models import Subscription
from ..policies.hosted import may_cancel_hosted
from .base import Section, address
from .hosted_way import hosted_way


class CancelStepSection(Section):
    """A step of leaving one subscription, with its form and the way out."""

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
            **hosted_way(
                may_cancel_hosted(self.account, self.subscription),
                "hosted_cancel",
                self.subscription,
            ),
        }
        return context
