from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from laces.components import Component
from wagtail import blocks

from ..accounts import BillingAccount
from ..sections import InvoicesSection
from .base import BillingBlock
from .samples import sample_invoices


class InvoiceListBlock(BillingBlock):
    """The visitor's latest invoices, with a way to all of them."""

    heading = blocks.CharBlock(label=_("Heading"), required=False)
    number = blocks.IntegerBlock(
        label=_("How many"),
        default=5,
        min_value=1,
        max_value=50,
        help_text=_("The newest; the others are one click away."),
    )

    class Meta:
        icon = "list-ul"
        label = _("Invoices")
        description = _("The visitor's latest invoices, to read and download")
        preview_value = {"heading": _("Your invoices"), "number": 5}

    def get_section(
        self, value: blocks.StructValue, account: BillingAccount | None
    ) -> Component:
        return InvoicesSection(
            account,
            heading=value.get("heading") or "",
            latest=value.get("number") or 5,
        )

    def get_sample_section(
        self, value: blocks.StructValue, visitor: BillingAccount | None
    ) -> Component:
        return InvoicesSection(
            None, heading=value.get("heading") or "", rows=sample_invoices()
        )
