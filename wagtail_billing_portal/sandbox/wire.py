"""Stripe's form encoding, decoded: brackets in every spelling that clients use."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from .errors import InvalidRequest

KEY = re.compile(r"(?P<root>[^\[\]]+)(?P<rest>(\[[^\[\]]*\])*)")
SEGMENT = re.compile(r"\[([^\[\]]*)\]")
LONGEST_KEY = 1000
DEEPEST = 16
MOST_PAIRS = 5000

Form = dict[str, Any]


def decode_form(text: str) -> Form:
    """Nested values of a form: texts, and dictionaries for everything bracketed.

    Lists become dictionaries with numbers for keys, because only the contract
    knows whether ``a[0]`` is an item or a key.
    """
    form: Form = {}
    for key, value in pairs(text):
        found = KEY.fullmatch(key) if len(key) <= LONGEST_KEY else None
        if found is None:
            raise _no_key(key)
        path = [found["root"], *SEGMENT.findall(found["rest"])]
        if len(path) > DEEPEST:
            raise _no_key(key)
        _put(form, path, value, key)
    return form


def pairs(text: str) -> list[tuple[str, str]]:
    """The keys and values of a form, in order, decoded."""
    try:
        found = parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=MOST_PAIRS
        )
    except UnicodeDecodeError:
        raise InvalidRequest(
            "Invalid request: the parameters are not valid UTF-8."
        ) from None
    except ValueError:
        raise InvalidRequest(
            f"Invalid request: there are more than {MOST_PAIRS} parameters."
        ) from None
    for key, value in found:
        if "\0" in key or "\0" in value:
            name = key.replace("\0", "")[:LONGEST_KEY]
            raise InvalidRequest(
                f"Invalid string: '{name}' contains a null byte.", param=name
            )
    return found


def text_of(body: str | bytes | None) -> str:
    """A body as text; what is not UTF-8 is refused."""
    try:
        # Through bytes, because a text can hold halves of characters.
        raw = body.encode() if isinstance(body, str) else body or b""
        return raw.decode()
    except UnicodeError:
        raise InvalidRequest(
            "Invalid request: the parameters are not valid UTF-8."
        ) from None


def _no_key(key: str) -> InvalidRequest:
    shown = key if len(key) <= 100 else f"{key[:100]}..."
    return InvalidRequest(f"Invalid request (check key: '{shown}').", param=shown)


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
    if rest and isinstance(last, dict) and _lacks(last, rest):
        return str(count - 1)
    return str(count)


def _lacks(item: Any, path: list[str]) -> bool:
    """Whether a key of an array of hashes still belongs to this item.

    ``a[][b][c]`` and then ``a[][b][d]`` are one item; a second ``a[][b][c]`` begins
    the next. ``a[][b][]`` always adds to the list it is in.
    """
    name, *rest = path
    if not isinstance(item, dict):
        return False
    if not name or name not in item:
        return True
    return bool(rest) and _lacks(item[name], rest)
