"""Addresses to which somebody's browser is sent."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing.checkout_rules import is_web_address
from wagtail_billing_portal.sandbox.errors import InvalidRequest


def check(url: str | None, *, param: str) -> None:
    """Refuse what is no address of the web: no script, file or app."""
    if url and not is_web_address(url):
        raise InvalidRequest("Not a valid URL", param=param, code="url_invalid")
