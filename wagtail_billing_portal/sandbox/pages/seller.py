"""Who is paid: the business that the sandbox stands in for."""

from __future__ import annotations

from django.utils.translation import gettext

from wagtail_billing_portal.sandbox.conf import conf


def seller_name() -> str:
    """``BUSINESS_NAME`` of the sandbox's settings, or a stand-in."""
    return conf.BUSINESS_NAME or gettext("Sandbox business")
