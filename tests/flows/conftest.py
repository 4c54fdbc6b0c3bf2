from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.tools.groups import group
from wagtail_billing_portal.models import Subscription


@pytest.fixture
def ada(client: Client, member: Any) -> Client:
    """The member's browser, logged in."""
    client.force_login(member)
    return client


@pytest.fixture
def plans(shop):
    """Four plans that members may switch between."""
    return group(shop.reader, shop.reader_yearly, shop.supporter, shop.supporter_yearly)


@pytest.fixture
def half_way(stripe_side, subscription) -> Subscription:
    """Fifteen days into the month that was paid for."""
    stripe_side.stop_clock()
    stripe_side.advance(days=15)
    return subscription
