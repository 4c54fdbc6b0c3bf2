"""Requests in the words of earlier API versions, put into today's."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
Translation = Callable[[Json], None]

VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(\.[a-z]+)?(; ?[a-z_]+=v\d+)*")
UI_MODES = {"hosted": "hosted_page", "embedded": "embedded_page", "custom": "elements"}


def is_version(text: str) -> bool:
    """Whether a ``Stripe-Version`` header names a version at all."""
    return VERSION.fullmatch(text) is not None


def translate(method: str, path: str, form: Json) -> Json:
    """An untyped form as a program of today would send it.

    Only what was taken away or renamed since is touched; the rest is checked against
    today's contract like any other request.
    """
    translated = dict(form)
    for pattern, translation in TRANSLATIONS:
        if re.fullmatch(pattern, f"{method} {path}"):
            translation(translated)
    return translated


def _discounts(form: Json) -> None:
    """``coupon`` and ``promotion_code`` became ``discounts``."""
    for name in ("coupon", "promotion_code"):
        if (value := form.pop(name, None)) is not None and "discounts" not in form:
            form["discounts"] = {"0": {name: value}} if value else ""


def _promotion(form: Json) -> None:
    if "coupon" in form and "promotion" not in form:
        form["promotion"] = {"type": "coupon", "coupon": form.pop("coupon")}


def _method_types(form: Json) -> None:
    types = form.pop("payment_method_types", None)
    if types and "allowed_payment_method_types" not in form:
        form["allowed_payment_method_types"] = types


def _ui_mode(form: Json) -> None:
    mode = form.get("ui_mode")
    if mode in UI_MODES:
        form["ui_mode"] = UI_MODES[mode]


def _anchor(form: Json) -> None:
    if form.get("billing_cycle_anchor") in ("now", "unchanged"):
        form["billing_cycle_anchor"] = {"type": form["billing_cycle_anchor"]}


def _plans(form: Json) -> None:
    """Items were of plans before they were of prices."""
    if plan := form.pop("plan", None):
        form.setdefault("items", {"0": {"plan": plan}})
    for item in _entries(form, "items"):
        if "plan" in item:
            item.setdefault("price", item.pop("plan"))


def _prorate(form: Json) -> None:
    behaviors = {"true": "create_prorations", "false": "none"}
    if (prorate := form.pop("prorate", None)) in behaviors:
        form.setdefault("proration_behavior", behaviors[prorate])


def _iterations(form: Json) -> None:
    """Phases lasted so many billing periods before they had a duration of their own.

    A duration has an interval; such programs nearly always mean a month.
    """
    for phase in _entries(form, "phases"):
        if count := phase.pop("iterations", None):
            phase["duration"] = {"interval": "month", "interval_count": count}


def _item_price(form: Json) -> None:
    if price := form.pop("price", None):
        form.setdefault("pricing", {"price": price})
    if (unit := form.pop("unit_amount", None)) is not None:
        form.setdefault("unit_amount_decimal", unit)


def _entries(form: Json, name: str) -> list[Json]:
    held = form.get(name)
    entries = held.values() if isinstance(held, dict) else ()
    return [entry for entry in entries if isinstance(entry, dict)]


TRANSLATIONS: tuple[tuple[str, Translation], ...] = (
    (r"POST /v1/(subscriptions|checkout/sessions)(/[^/]+)?", _discounts),
    (r"POST /v1/invoices/create_preview", _discounts),
    (r"POST /v1/promotion_codes", _promotion),
    (r"POST /v1/(payment|setup)_intents(/[^/]+(/confirm)?)?", _method_types),
    (r"POST /v1/checkout/sessions", _method_types),
    (r"POST /v1/checkout/sessions", _ui_mode),
    (r"POST /v1/subscriptions/[^/]+(/resume)?", _anchor),
    (r"POST /v1/subscriptions(/[^/]+)?", _plans),
    (r"POST /v1/subscriptions/[^/]+", _prorate),
    (r"POST /v1/subscription_schedules(/[^/]+)?", _iterations),
    (r"POST /v1/invoiceitems(/[^/]+)?", _item_price),
)
