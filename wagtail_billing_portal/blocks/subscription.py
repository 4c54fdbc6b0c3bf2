from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from laces.components import Component
from wagtail import blocks

from ..accounts import BillingAccount
from ..sections import MainSubscriptionSection
from .base import BillingBlock
from .samples import sample_subscription_in_full


class SubscriptionBlock(BillingBlock):
    """The visitor's subscription in full, with all that can be done with it."""

    heading = blocks.CharBlock(label=_("Heading"), required=False)
    empty_text = blocks.CharBlock(
        label=_("Text for members without a subscription"),
        required=False,
        help_text=_("Empty: a sentence that says there is none yet."),
    )

    class Meta:
        icon = "history"
        label = _("Subscription in full")
        description = _(
            "What the visitor's subscription costs, what comes next and what happened, "
            "with buttons to change, pause and cancel it"
        )
        preview_value = {"heading": _("Your subscription")}

    def get_section(
        self, value: blocks.StructValue, account: BillingAccount | None
    ) -> Component:
        return MainSubscriptionSection(
            account,
            heading=value.get("heading") or "",
            empty_text=value.get("empty_text") or "",
        )

    def get_sample_section(
        self, value: blocks.StructValue, visitor: BillingAccount | None
    ) -> Component:
        return MainSubscriptionSection(
            None,
            heading=value.get("heading") or "",
            card=sample_subscription_in_full(),
        )
