from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register

from .pdf.missing import SENTENCE


@register(Tags.security, deploy=True)
def sandbox_is_not_deployed(**kwargs: Any) -> list[CheckMessage]:
    """A site that takes real money must not answer itself in Stripe's place."""
    return [
        Error(
            "The Stripe sandbox is installed on a site that is being deployed.",
            hint="Remove 'wagtail_billing_portal.sandbox' from INSTALLED_APPS.",
            id="billing_sandbox.E001",
        )
    ]


@register()
def invoices_can_be_printed(**kwargs: Any) -> list[CheckMessage]:
    """The sandbox writes invoices as PDF with a package that only it needs."""
    if find_spec("reportlab") is not None:
        return []
    return [
        Warning(
            SENTENCE,
            hint='Install it with: pip install "wagtail-billing-portal[sandbox]"',
            id="billing_sandbox.W001",
        )
    ]
