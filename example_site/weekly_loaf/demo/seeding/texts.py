"""The texts of ``content/``, in which every text is a pair: English, German."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).resolve().parent.parent / "content"
PICTURES = CONTENT / "pictures"


def page_texts() -> dict[str, dict[str, Any]]:
    """The site's own pages, by name."""
    return _read("pages.toml")


def article_texts() -> list[dict[str, Any]]:
    """The articles, newest first."""
    articles: list[dict[str, Any]] = _read("articles.toml")["article"]
    return articles


def plan_texts() -> list[dict[str, Any]]:
    """The plans, from small to large."""
    plans: list[dict[str, Any]] = _read("plans.toml")["plan"]
    return plans


def extra_texts() -> list[dict[str, Any]]:
    """What members can have besides a plan."""
    extras: list[dict[str, Any]] = _read("plans.toml")["extra"]
    return extras


def metered_texts() -> list[dict[str, Any]]:
    """What is paid for by use."""
    metered: list[dict[str, Any]] = _read("plans.toml")["metered"]
    return metered


def coupons() -> list[dict[str, Any]]:
    """What is taken off, and the codes for it."""
    found: list[dict[str, Any]] = _read("plans.toml")["coupon"]
    return found


def german_by_english() -> dict[str, str]:
    """Every pair of the content, to translate by."""
    pairs: dict[str, str] = {}
    _collect(page_texts(), pairs)
    _collect(article_texts(), pairs)
    _collect(plan_texts(), pairs)
    _collect(extra_texts(), pairs)
    _collect(metered_texts(), pairs)
    return pairs


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((CONTENT / name).read_text(encoding="utf-8"))


def _collect(value: Any, pairs: dict[str, str]) -> None:
    if isinstance(value, dict):
        for inner in value.values():
            _collect(inner, pairs)
    elif _is_text(value):
        pairs[value[0]] = value[1]
    elif _is_block(value):
        _kind, english, german, *_source = value
        pairs[english] = german
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, pairs)


def _is_text(value: Any) -> bool:
    return _all_strings(value) and len(value) == 2


def _is_block(value: Any) -> bool:
    return _all_strings(value) and len(value) > 2


def _all_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)
