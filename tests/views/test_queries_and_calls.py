"""What each page costs: statements, as many for one subscription as for many, and no
request to Stripe but for previews, each of them once.
"""

from __future__ import annotations

import pytest
from django.test import Client

from tests.tools.changing import url
from tests.tools.costs import Cost, watched
from tests.tools.groups import group
from tests.tools.reference_tables import PAGES as REFERENCE
from tests.tools.reference_tables import written
from tests.tools.shop import the_settings
from tests.views.pages import PAGES, WAYS_ON, Page, World
from wagtail_billing_portal import urls

PREVIEW = "POST /v1/invoices/create_preview"


@pytest.fixture
def world(stripe_side, shop, customer) -> World:
    world = World(stripe_side, shop, customer)
    prices = (shop.reader, shop.reader_yearly, shop.supporter, shop.supporter_yearly)
    group(*prices, maximum=9)
    group(shop.team, are_extras=True)
    the_settings(offer_pause=True)
    return world


def visited(browser: Client, there: str) -> Cost:
    # What a process keeps in memory from then on is no page's cost.
    assert browser.get(there).status_code == 200
    with watched() as cost:
        assert browser.get(there).status_code == 200
    return cost


def opens_by_get(pattern) -> bool:
    return hasattr(getattr(pattern.callback, "view_class", None), "get")


def test_every_page_is_counted():
    pages = {it.name for it in urls.urlpatterns if opens_by_get(it)}

    assert pages - WAYS_ON == {page.name for page in PAGES}


@pytest.mark.parametrize("page", [pytest.param(it, id=it.words) for it in PAGES])
def test_a_page_costs_as_much_for_many_as_for_one(ada, world, page: Page):
    page.prepare(world)
    args = [world.id] if page.is_of_subscription else []
    there = url(page.name, *args, **world.query)

    one = visited(ada, there)
    world.more()
    many = visited(ada, there)

    assert one.requests == many.requests == [PREVIEW] * len(page.previews)
    assert len(set(one.bodies)) == len(page.previews)
    assert one.statements == many.statements == page.statements


def test_the_reference_says_what_pages_cost():
    page = REFERENCE.read_text()

    assert page == written(page), "Run `make reference`."
