"""An answer compared with the SDK's types: nothing invented, nothing dropped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stripe._object_classes import OBJECT_CLASSES

from .fitting import LIST_FIELDS, SEARCH_FIELDS, fits
from .omitted import may_be_absent
from .resources import resource
from .shapes import (
    AnyOf,
    Choice,
    ListOf,
    MapOf,
    PageOf,
    Record,
    Scalar,
    Shape,
)


def complaints(answer: Any, expected: Shape) -> list[str]:
    """What Stripe would never answer in this way, each in a sentence."""
    if answer is None:
        return ["No answer."]
    return list(_check(answer, expected, ""))


def object_complaints(obj: dict[str, Any]) -> list[str]:
    """The same for an object of an event."""
    kind = obj.get("object")
    if kind not in OBJECT_CLASSES:
        return [f"There is no object called {kind!r}."]
    return list(_check(obj, resource(kind), kind))


def _check(value: Any, shape: Shape, path: str) -> Iterator[str]:
    if fits(value, shape):
        return
    match shape:
        case Record():
            yield from _check_record(value, shape, path)
        case PageOf():
            yield from _check_page(value, shape, path)
        case AnyOf():
            yield from _check_any_of(value, shape, path)
        case ListOf() if isinstance(value, list):
            for index, item in enumerate(value):
                yield from _check(item, shape.item, f"{path}[{index}]")
        case MapOf() if isinstance(value, dict):
            for key, item in value.items():
                yield from _check(item, shape.value, f"{path}[{key}]")
        case _:
            yield f"`{path}` is {value!r}, not {_words(shape)}."


def _check_record(value: Any, shape: Record, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"`{path}` is {value!r}, not {_words(shape)}."
        return
    if shape.kind and value.get("object", shape.kind) != shape.kind:
        yield f"`{path}` is a {value['object']}, not {_words(shape)}."
        return
    for name in value.keys() - shape.fields.keys():
        yield f"`{_below(path, name)}` is not a field that Stripe has."
    for name, field in shape.fields.items():
        if name in value:
            yield from _check(value[name], field.shape, _below(path, name))
        elif not may_be_absent(shape, name, field):
            yield f"`{_below(path, name)}` is missing."


def _check_page(value: Any, shape: PageOf, path: str) -> Iterator[str]:
    if not isinstance(value, dict) or value.get("object") not in (
        "list",
        "search_result",
    ):
        yield f"`{path}` is {value!r}, not a list object."
        return
    fields = LIST_FIELDS if value["object"] == "list" else SEARCH_FIELDS
    for name in value.keys() ^ fields:
        yield f"`{_below(path, name)}` is missing from the list, or not a part of it."
    if not str(value.get("url", "")).startswith("/v1/"):
        yield f"`{_below(path, 'url')}` has to be a path that begins with /v1/."
    for index, item in enumerate(value.get("data", ())):
        yield from _check(item, shape.item, f"{_below(path, 'data')}[{index}]")


def _check_any_of(value: Any, shape: AnyOf, path: str) -> Iterator[str]:
    found: list[str] | None = None
    for option in shape.options:
        problems = list(_check(value, option, path))
        if found is None or isinstance(value, dict) and isinstance(option, Record):
            found = problems
    yield from found or [f"`{path}` is null."]


def _words(shape: Shape) -> str:
    match shape:
        case Record():
            return f"a {shape.kind or shape.cls.__qualname__}"
        case Choice():
            return f"one of {', '.join(map(repr, shape.values))}"
        case Scalar():
            return f"of type {shape.type.__name__}"
        case ListOf():
            return "a list"
    return "an object"


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
