"""Requests in the words of earlier API versions, put into today's."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
Translation = Callable[[Json], None]

VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(\.[a-z]+)?(; ?[a-z_]+=v\d+)*")
UI_MODES = {"hosted": "hosted_page", "embedded": "embedded_page", "custom": "elements"}


# What today's API has no word for, but still has a meaning for.
WITHOUT_A_WORD = (
    (r"POST /v1/customers(/[^/]+)?", ("coupon", "promotion_code")),
    (r"POST /v1/subscriptions/[^/]+", ("plan", "quantity")),
)


def is_version(text: str) -> bool:
    """Whether a ``Stripe-Version`` header names a version at all."""
    return VERSION.fullmatch(text) is not None


def translate(method: str, path: str, form: Json) -> Json:
    """An untyped form as a program of today would send it.

    Only what was taken away or renamed since is touched; the rest is checked against
    today's contract like any other request.
    """
    translated = copy.deepcopy(form)
    for pattern, translation in TRANSLATIONS:
        if re.fullmatch(pattern, f"{method} {path}"):
            translation(translated)
    return translated


def taken_out(method: str, path: str, form: Json) -> Json:
    """Texts that today's contract does not know, taken out of a translated form."""
    return {
        name: form.pop(name)
        for pattern, names in WITHOUT_A_WORD
        if re.fullmatch(pattern, f"{method} {path}")
        for name in names
        if isinstance(form.get(name), str)
    }


def _rename(form: Json, old: str, new: str) -> None:
    """Say it in today's word; where that is used already, the old one is refused."""
    if old in form and new not in form:
        form[new] = form.pop(old)


def _discounts(form: Json) -> None:
    """``coupon`` and ``promotion_code`` became ``discounts``."""
    for name in ("coupon", "promotion_code"):
        if name in form and "discounts" not in form:
            value = form.pop(name)
            form["discounts"] = {"0": {name: value}} if value else ""


def _promotion(form: Json) -> None:
    if "coupon" in form and "promotion" not in form:
        form["promotion"] = {"type": "coupon", "coupon": form.pop("coupon")}


def _method_types(form: Json) -> None:
    _rename(form, "payment_method_types", "allowed_payment_method_types")


def _ui_mode(form: Json) -> None:
    mode = form.get("ui_mode")
    if isinstance(mode, str):
        form["ui_mode"] = UI_MODES.get(mode, mode)


def _anchor(form: Json) -> None:
    if form.get("billing_cycle_anchor") in ("now", "unchanged"):
        form["billing_cycle_anchor"] = {"type": form["billing_cycle_anchor"]}


def _plan(form: Json) -> None:
    """A new subscription was to one plan before it had items.

    Not a change: for that one has to know the item whose place the plan takes.
    """
    if "plan" in form and "items" not in form:
        form["items"] = {"0": {"price": form.pop("plan")}}
        if "quantity" in form:
            form["items"]["0"]["quantity"] = form.pop("quantity")


def _plans(form: Json) -> None:
    """Items were of plans before they were of prices."""
    for item in _entries(form, "items"):
        _rename(item, "plan", "price")


def _prorate(form: Json) -> None:
    for said, behavior in (("true", "create_prorations"), ("false", "none")):
        if form.get("prorate") == said and "proration_behavior" not in form:
            del form["prorate"]
            form["proration_behavior"] = behavior


def _iterations(form: Json) -> None:
    """Phases lasted so many billing periods before they had a duration of their own.

    A duration has an interval; such programs nearly always mean a month.
    """
    for phase in _entries(form, "phases"):
        if "iterations" in phase and "duration" not in phase:
            count = phase.pop("iterations")
            phase["duration"] = {"interval": "month", "interval_count": count}


def _item_price(form: Json) -> None:
    if "price" in form and "pricing" not in form:
        form["pricing"] = {"price": form.pop("price")}
    _rename(form, "unit_amount", "unit_amount_decimal")


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
    (r"POST /v1/subscriptions", _plan),
    (r"POST /v1/subscriptions(/[^/]+)?", _plans),
    (r"POST /v1/subscriptions/[^/]+", _prorate),
    (r"POST /v1/subscription_schedules(/[^/]+)?", _iterations),
    (r"POST /v1/invoiceitems(/[^/]+)?", _item_price),
)
