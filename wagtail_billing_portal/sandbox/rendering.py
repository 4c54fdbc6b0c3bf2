"""Objects as JSON text, the same text for the same object on every database."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

FIRST = {"id": 0, "object": 1}


def render(obj: dict[str, Any]) -> str:
    """JSON as Stripe writes it: id and object first, then by name."""
    return json.dumps(_ordered(obj), default=_text)


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (FIRST.get(key, 2), key))
        return {key: _ordered(value[key]) for key in keys}
    if isinstance(value, list):
        return [_ordered(item) for item in value]
    return value


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{value!r} has no place in an answer.")
