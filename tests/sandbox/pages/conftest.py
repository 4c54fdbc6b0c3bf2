from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe
from django.test import Client

from tests.sandbox.pages.stories import KEY, Shop
from wagtail_billing_portal.sandbox.transport import SandboxTransport


@pytest.fixture
def shop(db: None) -> Shop:
    """A business with one plan, talking to the sandbox by Stripe's own client."""
    return Shop(stripe.StripeClient(KEY, http_client=SandboxTransport()))


@pytest.fixture
def browser() -> Client:
    """A browser that must send a CSRF token, as a real one."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def submit(browser: Client) -> Callable[..., Any]:
    """Open a page, fill in its form and send it."""

    def send(url: str, **fields: str) -> Any:
        browser.get(url)
        token = browser.cookies["csrftoken"].value
        return browser.post(url, {**fields, "csrfmiddlewaretoken": token})

    return send
