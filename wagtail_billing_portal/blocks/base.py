from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from laces.components import Component
from wagtail import blocks
from wagtail.models import Site

from ..accounts import BillingAccount, account_for
from ..sections.asking import account_of


class BillingBlock(blocks.StructBlock):
    """An editor's wrapper around one section of the portal."""

    def get_context(
        self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(
            value, parent_context=parent_context
        )
        account = self.get_account(context.get("request"))
        context["section"] = self.get_section(value, account)
        return context

    def get_account(self, request: HttpRequest | None) -> BillingAccount | None:
        """Override to show another account, such as the visitor's team."""
        # Search indexing, for one, renders without anybody asking.
        return account_of(request) if request is not None else None

    def get_section(
        self, value: blocks.StructValue, account: BillingAccount | None
    ) -> Component:
        """Override to say what the block shows."""
        raise TypeError(f"{type(self).__name__} does not say which section it shows.")

    def get_sample_section(
        self, value: blocks.StructValue, visitor: BillingAccount | None
    ) -> Component:
        """Override to show something believable in the editor's block picker."""
        return self.get_section(value, visitor)

    def get_preview_context(
        self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_preview_context(
            value, parent_context=parent_context
        )
        context["sample"] = self.get_sample_section(value, _visitor(context))
        return context

    class Meta:
        template = "wagtail_billing_portal/blocks/section.html"
        preview_template = "wagtail_billing_portal/blocks/preview.html"
        group = _("Billing")


def _visitor(context: dict[str, Any]) -> BillingAccount | None:
    """Whom a preview is for: the editor's own plan would be a strange sample."""
    request = context.get("request")
    site = Site.find_for_request(request) if request is not None else None
    return account_for(AnonymousUser(), site=site) if site else None
