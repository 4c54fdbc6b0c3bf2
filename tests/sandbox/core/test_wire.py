from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stripe._encode import _api_encode

from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.wire import decode_form

names = st.text("abcdefghij_", min_size=1, max_size=6)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
# No truth values in lists: there the SDK spells them in two ways.
values = st.recursive(
    texts | st.integers(),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(names, inner | st.booleans(), min_size=1, max_size=3)
    ),
    max_leaves=8,
)


def on_the_wire(value: Any) -> Any:
    """What is left of a value once it is text, with lists as numbered objects."""
    if isinstance(value, dict):
        return {key: on_the_wire(item) for key, item in value.items()}
    if isinstance(value, list):
        return {str(index): on_the_wire(item) for index, item in enumerate(value)}
    return str(value).lower() if isinstance(value, bool) else str(value)


@given(st.dictionaries(names, values | st.booleans(), max_size=4))
def test_whatever_the_sdk_encodes_is_decoded_again(params):
    form = urlencode(list(_api_encode(params)))

    assert decode_form(form) == on_the_wire(params)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("a=1", {"a": "1"}),
        ("a=", {"a": ""}),
        ("a[b][c]=1", {"a": {"b": {"c": "1"}}}),
        ("a%5Bb%5D=1", {"a": {"b": "1"}}),
        ("a[0]=x&a[1]=y", {"a": {"0": "x", "1": "y"}}),
        ("a[]=x&a[]=y", {"a": {"0": "x", "1": "y"}}),
        (
            "a[][b]=1&a[][c]=2&a[][b]=3",
            {"a": {"0": {"b": "1", "c": "2"}, "1": {"b": "3"}}},
        ),
        ("a=b+c%20d", {"a": "b c d"}),
        (
            "a[][b][c]=1&a[][b][d]=2&a[][b][c]=3",
            {"a": {"0": {"b": {"c": "1", "d": "2"}}, "1": {"b": {"c": "3"}}}},
        ),
        ("a[][b][]=1&a[][b][]=2", {"a": {"0": {"b": {"0": "1", "1": "2"}}}}),
        ("a=1&a=2", {"a": "2"}),
    ],
)
def test_brackets_are_read_in_every_spelling(form, expected):
    assert decode_form(form) == expected


@pytest.mark.parametrize("form", ["a[b=1", "[a]=1", "a=1&a[b]=2", "a[b]c=1"])
def test_a_form_that_makes_no_sense_is_refused(form):
    with pytest.raises(InvalidRequest):
        decode_form(form)
