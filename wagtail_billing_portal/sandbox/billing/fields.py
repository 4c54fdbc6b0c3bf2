"""Writing request parameters into objects by Stripe's rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wagtail_billing_portal.sandbox.errors import InvalidRequest

Json = dict[str, Any]

ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


def assign(obj: Json, params: Json, names: Iterable[str]) -> None:
    """Copy what was sent; an empty string unsets."""
    for name in names:
        if name in params:
            obj[name] = None if params[name] == "" else params[name]


def merge_metadata(obj: Json, params: Json) -> None:
    """Key by key: an empty value removes one, an empty string removes all."""
    if "metadata" not in params:
        return
    update = params["metadata"]
    merged = {} if update == "" else {**(obj.get("metadata") or {}), **update}
    merged = {key: value for key, value in merged.items() if value != ""}
    if len(merged) > 50:
        raise InvalidRequest(
            "You can only have 50 metadata keys on an object.", param="metadata"
        )
    for key, value in merged.items():
        if len(key) > 40 or len(value) > 500:
            raise InvalidRequest(
                "Metadata keys may have at most 40 and values at most 500 characters.",
                param=f"metadata[{key}]",
            )
    obj["metadata"] = merged


def address(value: Json | str | None, current: Json | None = None) -> Json | None:
    """A complete address; parts that were not sent stay as they were."""
    if not value:
        return None
    sent = value if isinstance(value, dict) else {}
    merged = {name: (current or {}).get(name) for name in ADDRESS}
    assign(merged, sent, ADDRESS)
    return merged


def need(params: Json, *names: str) -> None:
    """Refuse a request that lacks a parameter which only matters here."""
    for name in names:
        if params.get(name) in (None, ""):
            raise InvalidRequest(
                f"Missing required param: {name}.", param=name, code="parameter_missing"
            )


def only_one(params: Json, first: str, second: str) -> None:
    """Refuse two parameters that exclude each other."""
    if params.get(first) not in (None, "") and params.get(second) not in (None, ""):
        raise InvalidRequest(
            f"You may only specify one of these parameters: {first}, {second}.",
            param=first,
            code="parameters_exclusive",
        )


def supported(value: Json, names: Iterable[str], *, param: str) -> None:
    """Refuse the parts of a nested parameter that the sandbox does not do."""
    for name in sorted(set(value) - set(names)):
        raise InvalidRequest(
            f"The sandbox does not support `{param}[{name}]` yet.",
            param=f"{param}[{name}]",
        )


def supported_value(value: Any, *values: Any, param: str) -> None:
    """Refuse a choice that Stripe has and the sandbox does not."""
    if value not in values:
        raise InvalidRequest(
            f"The sandbox does not support `{param}={value}` yet.", param=param
        )
