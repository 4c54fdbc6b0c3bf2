"""Stripe's form encoding, decoded: brackets in every spelling that clients use."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from .errors import InvalidRequest

KEY = re.compile(r"(?P<root>[^\[\]]+)(?P<rest>(\[[^\[\]]*\])*)")
SEGMENT = re.compile(r"\[([^\[\]]*)\]")

Form = dict[str, Any]


def decode_form(text: str) -> Form:
    """Nested values of a form: texts, and dictionaries for everything bracketed.

    Lists become dictionaries with numbers for keys, because only the contract
    knows whether ``a[0]`` is an item or a key.
    """
    form: Form = {}
    for key, value in pairs(text):
        found = KEY.fullmatch(key)
        if found is None:
            raise InvalidRequest(f"Invalid request (check key: '{key}').", param=key)
        _put(form, [found["root"], *SEGMENT.findall(found["rest"])], value, key)
    return form


def pairs(text: str) -> list[tuple[str, str]]:
    """The keys and values of a form, in order, decoded."""
    return parse_qsl(text, keep_blank_values=True)


def _put(into: Form, path: list[str], value: str, key: str) -> None:
    name, *rest = path
    name = name or _next_index(into, rest)
    if not rest:
        into[name] = value
        return
    inner = into.setdefault(name, {})
    if not isinstance(inner, dict):
        raise InvalidRequest(
            f"Invalid request: '{key}' is both a value and an object.", param=key
        )
    _put(inner, rest, value, key)


def _next_index(into: Form, rest: list[str]) -> str:
    """Where ``[]`` points: a new item, or the last one while it lacks the key."""
    count = len(into)
    last = into.get(str(count - 1))
    if rest and isinstance(last, dict) and rest[0] and rest[0] not in last:
        return str(count - 1)
    return str(count)
