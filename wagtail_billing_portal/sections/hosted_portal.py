from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..accounts import BillingAccount
from ..policies.customers import may_open_hosted_portal
from .base import Section, address, new_key


class HostedPortalSection(Section):
    """The way to the same account on Stripe's own pages; empty where not offered."""

    template_name = "wagtail_billing_portal/sections/hosted_portal.html"

    def __init__(self, account: BillingAccount, *, heading: str = "") -> None:
        super().__init__(heading=heading)
        self.account = account

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        context |= {
            "is_offered": bool(may_open_hosted_portal(self.account)),
            "url": address("hosted_portal"),
            "key": new_key(),
        }
        return context
