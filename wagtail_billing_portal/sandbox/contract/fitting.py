"""The quick half of the check: whether an answer fits, without saying why not.

Each shape becomes one function, made once. ``answers`` asks here at every step, and
finds words only for what does not fit.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

from .omitted import may_be_absent
from .shapes import (
    AnyOf,
    Anything,
    Choice,
    ListOf,
    MapOf,
    PageOf,
    Record,
    Scalar,
    Shape,
)

Test = Callable[[Any], bool]

LIST_FIELDS = {"object", "data", "has_more", "url"}
SEARCH_FIELDS = {*LIST_FIELDS, "next_page"}
TOMBSTONE_FIELDS = {"id", "object", "deleted"}


def fits(value: Any, shape: Shape) -> bool:
    """Whether Stripe could answer this."""
    return test_for(shape)(value)


@cache
def test_for(shape: Shape) -> Test:
    """The function that tells whether a value is of a shape."""
    match shape:
        case Anything():
            return lambda value: True
        case Scalar(type=type_):
            return _scalar(type_)
        case Choice(values=values):
            return lambda value: value in values
        case ListOf(item=item):
            return _list_of(item)
        case MapOf(value=item):
            return _map_of(item)
        case PageOf(item=item):
            return _page_of(item)
        case AnyOf(options=options, nullable=nullable):
            return _any_of(options, nullable=nullable)
        case Record():
            return _record(shape)


def _scalar(type_: type) -> Test:
    if type_ is Decimal:
        return lambda value: isinstance(value, str | Decimal)
    if type_ is float:
        return lambda value: type(value) in (int, float)
    return lambda value: type(value) is type_


def _list_of(item: Shape) -> Test:
    test = test_for(item)
    return lambda value: isinstance(value, list) and all(map(test, value))


def _map_of(item: Shape) -> Test:
    test = test_for(item)
    return lambda value: isinstance(value, dict) and all(map(test, value.values()))


def _page_of(item: Shape) -> Test:
    test = test_for(item)

    def fits_page(value: Any) -> bool:
        if not isinstance(value, dict):
            return False
        is_list = value.get("object") == "list"
        return (
            (is_list or value.get("object") == "search_result")
            and value.keys() == (LIST_FIELDS if is_list else SEARCH_FIELDS)
            and str(value["url"]).startswith("/v1/")
            and all(map(test, value["data"]))
        )

    return fits_page


def _any_of(options: tuple[Shape, ...], *, nullable: bool) -> Test:
    tests = [test_for(option) for option in options]
    if len(tests) == 1:
        [only] = tests
        return lambda value: (nullable and value is None) or only(value)

    def fits_any(value: Any) -> bool:
        return (nullable and value is None) or any(test(value) for test in tests)

    return fits_any


def _record(shape: Record) -> Test:
    kind = shape.kind
    fields: dict[str, Test] = {}
    needed: set[str] = set()

    def learn() -> None:
        # At the first look: records lead to each other in circles.
        for name, field in shape.fields.items():
            fields[name] = test_for(field.shape)
            if not may_be_absent(shape, name, field):
                needed.add(name)

    def fits_record(value: Any) -> bool:
        if not fields:
            learn()
        if not isinstance(value, dict):
            return False
        if kind and value.get("object", kind) != kind:
            return False
        if value.get("deleted") is True and value.keys() == TOMBSTONE_FIELDS:
            return True
        if not needed <= value.keys():
            return False
        for name, item in value.items():
            test = fields.get(name)
            if test is None or not test(item):
                return False
        return True

    return fits_record
