"""A decoded form turned into typed parameters, or refused in Stripe's words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from ..errors import InvalidRequest
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

INTEGER = re.compile(r"-?[0-9]{1,18}")
INDEX = re.compile(r"[0-9]{1,6}")
DECIMAL = re.compile(r"-?([0-9]{1,40}(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")
# The SDK spells truth with a capital inside lists.
BOOLEANS = {"true": True, "false": False, "True": True, "False": False}
LONGEST_TEXT = 5000


def read_params(form: dict[str, Any], expected: Record) -> dict[str, Any]:
    """The typed parameters of a request."""
    params: dict[str, Any] = _read_record(form, expected, "")
    return params


def _read(raw: Any, shape: Shape, path: str) -> Any:
    match shape:
        case Record():
            return _read_record(raw, shape, path)
        case Choice():
            return _read_choice(raw, shape, path)
        case Scalar():
            return _read_scalar(raw, shape.type, path)
        case ListOf():
            return _read_list(raw, shape, path)
        case MapOf():
            form = _object(raw, path)
            return {
                key: _read(value, shape.value, f"{path}[{key}]")
                for key, value in form.items()
            }
        case AnyOf():
            return _read_any_of(raw, shape, path)
        case Anything() | PageOf():
            return raw


def _read_record(raw: Any, expected: Record, path: str) -> dict[str, Any]:
    form = _object(raw, path)
    if unknown := [name for name in form if name not in expected.fields]:
        plural = "s" if len(unknown) > 1 else ""
        names = [_below(path, name) for name in unknown]
        raise InvalidRequest(
            f"Received unknown parameter{plural}: {', '.join(names)}",
            code="parameter_unknown",
            param=names[0],
        )
    values = {}
    for name, field in expected.fields.items():
        here = _below(path, name)
        if name in form:
            if field.required and form[name] == "":
                raise _empty(here)
            values[name] = _read(_in_one_case(name, form[name]), field.shape, here)
        elif field.required:
            raise InvalidRequest(
                f"Missing required param: {here}.",
                code="parameter_missing",
                param=here,
            )
    return values


def _in_one_case(name: str, raw: Any) -> Any:
    """Currencies may be written in capitals; they are answered in small letters."""
    return raw.lower() if name == "currency" and isinstance(raw, str) else raw


def _read_list(raw: Any, expected: ListOf, path: str) -> list[Any]:
    if not isinstance(raw, dict) or not all(map(INDEX.fullmatch, raw)):
        raise InvalidRequest("Invalid array", param=path)
    return [
        _read(raw[key], expected.item, f"{path}[{key}]") for key in sorted(raw, key=int)
    ]


def _read_choice(raw: Any, expected: Choice, path: str) -> Any:
    for value in expected.values:
        if raw == (str(value).lower() if isinstance(value, bool) else value):
            return value
    if raw == "":
        raise _empty(path)
    name = path.removesuffix("]").rsplit("[", 1)[-1]
    choices = [str(value) for value in expected.values if value != ""]
    if len(choices) > 1:
        choices[-1] = f"or {choices[-1]}"
    rule = f"must be one of {', '.join(choices)}" if choices else "must be empty"
    raise InvalidRequest(f"Invalid {name}: {rule}", param=path)


def _read_scalar(raw: Any, type_: type, path: str) -> Any:
    if not isinstance(raw, str):
        raise InvalidRequest("Invalid string: an object was given.", param=path)
    if type_ is str:
        return _text(raw, path)
    if raw == "":
        raise _empty(path)
    if type_ is bool and raw in BOOLEANS:
        return BOOLEANS[raw]
    if type_ is int and INTEGER.fullmatch(raw):
        return int(raw)
    if type_ in (float, Decimal) and (number := _number(raw)) is not None:
        return float(number) if type_ is float else number
    names = {bool: "boolean", int: "integer", float: "decimal", Decimal: "decimal"}
    code = "parameter_invalid_integer" if type_ is int else None
    raise InvalidRequest(f"Invalid {names[type_]}: {raw}", code=code, param=path)


def _read_any_of(raw: Any, expected: AnyOf, path: str) -> Any:
    """The first fitting option; else the complaint of the most fitting one."""
    complaint: InvalidRequest | None = None
    for option in sorted(expected.options, key=_strictness):
        try:
            return _read(raw, option, path)
        except InvalidRequest as error:
            if complaint is None or _depth(error) >= _depth(complaint):
                complaint = error
    raise complaint or _empty(path)


def _strictness(option: Shape) -> int:
    """Texts last: they would swallow what the other options mean."""
    return 1 if option == Scalar(str) else 0


def _depth(error: InvalidRequest) -> int:
    return (error.param or "").count("[")


def _object(raw: Any, path: str) -> dict[str, Any]:
    if raw == "":
        raise _empty(path)
    if not isinstance(raw, dict):
        raise InvalidRequest("Invalid object", param=path)
    return raw


def _below(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _text(raw: str, path: str) -> str:
    if len(raw) > LONGEST_TEXT:
        raise InvalidRequest(
            f"Invalid string: {raw[:20]}...{raw[-20:]}; must be at most "
            f"{LONGEST_TEXT} characters",
            param=path,
        )
    return raw


def _number(raw: str) -> Decimal | None:
    return Decimal(raw) if DECIMAL.fullmatch(raw) else None


def _empty(path: str) -> InvalidRequest:
    return InvalidRequest(
        f"You passed an empty string for '{path}'. We assume empty values are an "
        f"attempt to unset a parameter; however '{path}' cannot be unset. You should "
        f"remove '{path}' from your request or supply a non-empty value.",
        code="parameter_invalid_empty",
        param=path,
    )
