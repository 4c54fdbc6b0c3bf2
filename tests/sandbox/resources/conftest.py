from __future__ import annotations

from collections.abc import Iterator

import pytest
import stripe

from tests.sandbox.resources.shop import Shop
from wagtail_billing_portal.sandbox.transport import SandboxTransport
from wagtail_billing_portal.sandbox.world import World, account_for_key, open_world

KEY = "sk_test_sandbox_resources"


@pytest.fixture
def api(db: None) -> stripe.V1Services:
    """Stripe's own client, answered by the sandbox."""
    return stripe.StripeClient(KEY, http_client=SandboxTransport()).v1


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The inside of the world that ``api`` talks to."""
    with open_world(account_for_key(KEY)) as world:
        yield world


@pytest.fixture
def shop(api: stripe.V1Services, world: World) -> Shop:
    """A shop with a clock that stands still on the first of March 2026."""
    return Shop(api, world)
