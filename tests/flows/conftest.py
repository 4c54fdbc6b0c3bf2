from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.tools.groups import group
from tests.tools.shop import the_settings
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


@pytest.fixture
def offered(plans):
    """A site that offers everything, in its own pages and in Stripe's."""
    return the_settings(offer_pause=True)


@pytest.fixture
def ours(stripe_side, customer, shop, plans, offered) -> Subscription:
    """In flexible billing mode, as what the portal sells is."""
    id = stripe_side.subscribe(
        customer, shop.supporter, billing_mode={"type": "flexible"}
    )
    stripe_side.deliver_all()
    found: Subscription = Subscription.objects.get(pk=id)
    return found
