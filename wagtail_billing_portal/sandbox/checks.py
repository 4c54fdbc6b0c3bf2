from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register


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
