from __future__ import annotations

import pytest
import stripe

from wagtail_billing_portal.sandbox import faults


@pytest.fixture
def people(api):
    return {
        name: api.customers.create(
            {"name": name, "email": f"{name}@example.com", "metadata": {"plan": plan}}
        ).id
        for name, plan in [("ada", "gold"), ("bob", "gold"), ("cleo", "it's free")]
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("email:'ada@example.com'", ["ada"]),
        ("email:'ADA@example.com'", ["ada"]),
        ("metadata['plan']:'gold'", ["bob", "ada"]),
        ('metadata["plan"]:"it\'s free"', ["cleo"]),
        ("metadata['plan']:'gold' AND -name:'bob'", ["ada"]),
        ("name:'ada' OR name:'cleo'", ["cleo", "ada"]),
        ("email~'exampl'", ["cleo", "bob", "ada"]),
        ("phone:null", ["cleo", "bob", "ada"]),
        ("-metadata['nothing']:null", []),
        ("created>0 name:'bob'", ["bob"]),
        ("created<1", []),
    ],
)
def test_customers_are_found_as_asked(api, people, query, names):
    found = api.customers.search({"query": query})

    assert [one.id for one in found.data] == [people[name] for name in names]


def test_pages_follow_each_other(api, people):
    query = "metadata['plan']:'gold'"

    first = api.customers.search({"query": query, "limit": 1})
    second = api.customers.search({"query": query, "limit": 1, "page": first.next_page})

    assert (first.has_more, second.has_more) == (True, False)
    assert [first.data[0].id, second.data[0].id] == [people["bob"], people["ada"]]
    found = api.customers.search({"query": query, "limit": 1}).auto_paging_iter()
    assert len(list(found)) == 2


@pytest.mark.parametrize(
    "query",
    [
        "",
        "gold",
        "balance:'3'",
        "name:'a' AND email:'b' OR name:'c'",
        "name~'a'",
        "metadata:'gold'",
        "created>'soon'",
        "created>NaN",
        "name>5",
        "created~'123'",
        " AND ".join(["name:'ada'"] * 11),
        "name:'ada",
    ],
)
def test_what_cannot_be_read_is_refused(api, query):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.customers.search({"query": query})

    assert refusal.value.param == "query"


def test_a_made_up_page_is_refused(api):
    with pytest.raises(stripe.InvalidRequestError, match="Invalid page"):
        api.products.search({"query": "active:'true'", "page": "%%%"})


def test_what_is_new_is_found_after_a_while_only_when_that_is_switched_on(shop):
    order = {"query": "name:'ada'"}
    with faults.during(faults.Faults(search_lag=60)):
        ada = shop.customer(None, name="ada")

        assert shop.api.customers.search(order).data == []
        shop.wait(hours=1)
        assert [it.id for it in shop.api.customers.search(order).data] == [ada]
