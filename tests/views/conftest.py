from __future__ import annotations

import pytest
from django.test import Client

from tests.tools.shop import sold, subscribed
from wagtail_billing_portal.models import Price, Subscription


@pytest.fixture
def price(stripe_side) -> Price:
    (price,) = sold(stripe_side, 1200, product="Supporter")
    return price


@pytest.fixture
def subscription(stripe_side, member, price) -> Subscription:
    return subscribed(stripe_side, member, price)


@pytest.fixture
def ada(client, member) -> Client:
    """The member's browser."""
    client.force_login(member)
    return client


@pytest.fixture
def eve(make_member) -> Client:
    """The browser of a member who has nothing to do with ada's billing."""
    browser = Client()
    browser.force_login(make_member("eve"))
    return browser
