"""What an answer looks like: blank objects to fill in."""

from __future__ import annotations

import json
from functools import cache
from importlib import import_module
from typing import Any

from stripe._object_classes import OBJECT_CLASSES

from .omitted import may_be_absent
from .shapes import (
    AnyOf,
    Choice,
    Field,
    ListOf,
    MapOf,
    PageOf,
    Record,
    Scalar,
    Shape,
    record,
)


@cache
def resource(kind: str) -> Record:
    """The record that Stripe calls ``kind`` in its ``object`` field."""
    module, name = OBJECT_CLASSES[kind]
    return record(getattr(import_module(module), name))


def skeleton(kind: str, *path: str) -> dict[str, Any]:
    """A blank object with every field that Stripe answers, null where it can be.

    Needed values that cannot be guessed are null too; the answer check names those
    that nobody filled in. With ``path``, the blank of a part of the object:
    ``skeleton("subscription", "trial_settings")``.
    """
    blank: dict[str, Any] = json.loads(_blank_text(kind, path))
    return blank


@cache
def _blank_text(kind: str, path: tuple[str, ...]) -> str:
    """Kept as text, so that everybody gets an object of their own."""
    found = resource(kind)
    for name in path:
        found = _record_in(found.fields[name].shape)
    return json.dumps(_blank_record(found))


def _blank_record(of: Record) -> dict[str, Any]:
    return {
        name: _blank(name, field)
        for name, field in of.fields.items()
        if of.kind is None or not may_be_absent(of, name, field)
    }


def _blank(name: str, field: Field) -> Any:
    if not field.required:
        return {} if name == "metadata" else None
    match field.shape:
        case Record() as part if part.kind is None:
            return _blank_record(part)
        case ListOf():
            return []
        case MapOf():
            return {}
        case PageOf():
            return {"object": "list", "data": [], "has_more": False, "url": ""}
        case Scalar(type=kind) if kind is bool:
            return False
        case Choice(values=(only,)):
            return only
    return None


def _record_in(shape: Shape) -> Record:
    match shape:
        case Record():
            return shape
        case ListOf(item=inner) | PageOf(item=inner) | MapOf(value=inner):
            return _record_in(inner)
        case AnyOf(options=options):
            for option in options:
                if not isinstance(option, Scalar | Choice):
                    return _record_in(option)
    raise LookupError(f"{shape} has no fields.")
