from __future__ import annotations

from collections.abc import Iterator

import pytest
import stripe

from wagtail_billing_portal.sandbox.transport import SandboxTransport
from wagtail_billing_portal.sandbox.world import World, account_for_key, open_world

KEY = "sk_test_sandbox_core"


def client_with(key: str) -> stripe.StripeClient:
    return stripe.StripeClient(key, http_client=SandboxTransport())


@pytest.fixture
def api(db: None) -> stripe.V1Services:
    """Stripe's own client, answered by the sandbox."""
    return client_with(KEY).v1


@pytest.fixture
def account() -> str:
    return account_for_key(KEY)


@pytest.fixture
def world(db: None, account: str) -> Iterator[World]:
    with open_world(account) as world:
        yield world
