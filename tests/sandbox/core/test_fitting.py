from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_billing_portal.sandbox.contract import answers
from wagtail_billing_portal.sandbox.contract.fitting import fits
from wagtail_billing_portal.sandbox.contract.resources import resource, skeleton

KINDS = ("customer", "subscription", "invoice", "event", "checkout.session", "price")
VALUES = st.sampled_from(
    [None, "", "x", 0, -1, 1.5, True, [], [1], {}, {"object": "list"}, {"a": 1}, ["a"]]
)


def spots(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else ()
    return [path, *(spot for key, item in inner for spot in spots(item, (*path, key)))]


@given(data=st.data(), kind=st.sampled_from(KINDS))
def test_the_quick_check_and_the_one_that_explains_agree(data, kind):
    obj = {"root": {**skeleton(kind), "id": "x_1"}}
    for _ in range(data.draw(st.integers(0, 3))):
        path = data.draw(st.sampled_from(spots(obj["root"])))
        owner: Any = obj
        for key in ("root", *path)[:-1]:
            owner = owner[key]
        owner[("root", *path)[-1]] = copy.deepcopy(data.draw(VALUES))
        if not isinstance(obj["root"], dict):
            break

    shape = resource(kind)

    explained = list(answers._check(obj["root"], shape, kind))
    assert fits(obj["root"], shape) == (not explained)


@pytest.mark.parametrize("kind", KINDS)
def test_an_invented_field_never_fits(kind):
    assert not fits({**skeleton(kind), "invented": 1}, resource(kind))
