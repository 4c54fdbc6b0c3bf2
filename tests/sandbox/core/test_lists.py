from __future__ import annotations

import pytest
import stripe

from wagtail_billing_portal.sandbox import clock


@pytest.fixture
def ids(api) -> list[str]:
    """Five products, newest first."""
    made = [api.products.create({"name": f"Plan {n}"}).id for n in range(5)]
    return made[::-1]


def of(page: stripe.ListObject) -> list[str]:
    return [found.id for found in page.data]


def test_a_list_is_newest_first_and_knows_whether_there_is_more(api, ids):
    everything, some = api.products.list(), api.products.list({"limit": 4})
    exactly = api.products.list({"limit": 5})

    assert of(everything) == ids
    assert (everything.has_more, some.has_more, exactly.has_more) == (
        False,
        True,
        False,
    )
    assert everything.url == "/v1/products"


def test_every_page_is_reached_by_its_cursor(api, ids):
    pages = api.products.list({"limit": 2}).auto_paging_iter()

    assert [product.id for product in pages] == ids


def test_pages_are_turned_backwards_too(api, ids):
    page = api.products.list({"limit": 2, "ending_before": ids[3]})

    assert of(page) == ids[1:3]
    assert page.has_more is True


def test_a_cursor_that_is_gone_still_marks_its_place(api, ids):
    api.products.delete(ids[1])

    page = api.products.list({"starting_after": ids[1]})

    assert of(page) == ids[2:]


@pytest.mark.parametrize(
    ("params", "param"),
    [
        pytest.param({"limit": 0}, "limit", id="too few"),
        pytest.param({"limit": 101}, "limit", id="too many"),
        pytest.param({"starting_after": "prod_x"}, "starting_after", id="no cursor"),
        pytest.param({"ending_before": "prod_x"}, "ending_before", id="nor there"),
        pytest.param(
            {"starting_after": "prod_x", "ending_before": "prod_y"}, None, id="both"
        ),
    ],
)
def test_a_page_that_cannot_be_is_refused(api, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.products.list(params)

    assert refused.value.http_status == 400
    assert refused.value.param == param


def test_lists_are_narrowed_to_a_time(api, world):
    clock.travel(world, 1_700_000_000)
    old = api.products.create({"name": "Old"}).id
    clock.travel(world, 1_700_000_100)
    new = api.products.create({"name": "New"}).id

    assert of(api.products.list({"created": 1_700_000_000})) == [old]
    assert of(api.products.list({"created": {"gt": 1_700_000_000}})) == [new]
    assert of(api.products.list({"created": {"lte": 1_700_000_099}})) == [old]
