"""The pages on which a member changes a subscription, and what Stripe then says."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from tests.tools.shop import soup
from wagtail_billing_portal.models import Subscription


def url(name: str, *args: str, **query: Any) -> str:
    """The address of a page of the portal."""
    there = reverse(f"wagtail_billing_portal:{name}", args=args)
    return f"{there}?{urlencode(query)}" if query else there


def confirm(browser: Client, page: str, **changes: Any) -> Any:
    """Send the form of a confirmation page as it was shown."""
    shown = browser.get(page)
    return browser.post(page, form_of(shown) | changes)


def form_of(shown: Any) -> dict[str, str]:
    """What the form of a page sends, as it was shown."""
    fields = soup(shown).select("form[method=post] input[type=hidden]")
    return {field["name"]: field.get("value", "") for field in fields}


def at_stripe(stripe_side, subscription: Subscription) -> Any:
    return stripe_side.client.v1.subscriptions.retrieve(subscription.pk)


def price_at_stripe(stripe_side, subscription: Subscription) -> str:
    return at_stripe(stripe_side, subscription)["items"].data[0].price.id
