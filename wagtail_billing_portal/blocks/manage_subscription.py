from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from laces.components import Component
from wagtail import blocks

from ..accounts import BillingAccount
from ..sections import SubscriptionsSection
from .base import BillingBlock
from .samples import sample_subscriptions


class ManageSubscriptionBlock(BillingBlock):
    """The visitor's own subscriptions. What they may change is decided in code."""

    heading = blocks.CharBlock(label=_("Heading"), required=False)
    button_text = blocks.CharBlock(
        label=_("Button text"),
        required=False,
        max_length=50,
        help_text=_("Leads to the details. Empty: “Manage subscription”."),
    )
    empty_text = blocks.CharBlock(
        label=_("Text for members without a subscription"),
        required=False,
        help_text=_("Empty: a sentence that says there is none yet."),
    )

    class Meta:
        icon = "user"
        label = _("Manage subscription")
        description = _("The visitor's own subscription, with a button to change it")
        preview_value = {"heading": _("Your subscription")}

    def get_section(
        self, value: blocks.StructValue, account: BillingAccount | None
    ) -> Component:
        return SubscriptionsSection(
            account,
            heading=value.get("heading") or "",
            button_text=value.get("button_text") or "",
            empty_text=value.get("empty_text") or "",
        )

    def get_sample_section(
        self, value: blocks.StructValue, visitor: BillingAccount | None
    ) -> Component:
        return SubscriptionsSection(
            None, heading=value.get("heading") or "", cards=sample_subscriptions()
        )
