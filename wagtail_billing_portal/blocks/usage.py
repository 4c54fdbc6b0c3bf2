from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from laces.components import Component
from wagtail import blocks

from ..accounts import BillingAccount
from ..sections import MeteredSection
from .base import BillingBlock
from .samples import sample_usage


class UsageBlock(BillingBlock):
    """What is counted of the visitor's subscriptions, with a way to how much was."""

    heading = blocks.CharBlock(label=_("Heading"), required=False)

    class Meta:
        icon = "decimal"
        label = _("Usage")
        description = _(
            "What the visitor's usage costs step by step, with a way to their numbers"
        )
        preview_value = {"heading": _("Your usage")}

    def get_section(
        self, value: blocks.StructValue, account: BillingAccount | None
    ) -> Component:
        return MeteredSection(account, heading=value.get("heading") or "")

    def get_sample_section(
        self, value: blocks.StructValue, visitor: BillingAccount | None
    ) -> Component:
        return MeteredSection(
            None, heading=value.get("heading") or "", cards=sample_usage()
        )
