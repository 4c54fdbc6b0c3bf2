"""Types of the SDK reduced to what a request or an answer can look like."""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, ClassVar, Literal, Union

import typing_extensions
from stripe import ListObject, StripeObject
from stripe._search_result_object import SearchResultObject
from stripe._stripe_object import UntypedStripeObject

from .annotations import hints_of


@dataclass(frozen=True)
class Anything:
    """No rule at all."""


@dataclass(frozen=True)
class Scalar:
    """One of str, int, float, bool and Decimal."""

    type: type


@dataclass(frozen=True)
class Choice:
    """One of a closed list of values."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class ListOf:
    item: Shape


@dataclass(frozen=True)
class MapOf:
    value: Shape


@dataclass(frozen=True)
class PageOf:
    """Stripe's list object."""

    item: Shape


@dataclass(frozen=True)
class AnyOf:
    """Any of several shapes; ``nullable`` when null is one of them."""

    options: tuple[Shape, ...]
    nullable: bool = False


@dataclass(frozen=True)
class Field:
    shape: Shape
    required: bool


@dataclass(frozen=True)
class Record:
    """Named fields, looked up in the class only when somebody asks for them."""

    cls: type

    @cached_property
    def fields(self) -> dict[str, Field]:
        if issubclass(self.cls, StripeObject):
            return _answer_fields(self.cls)
        return _params_fields(self.cls)

    @property
    def kind(self) -> str | None:
        """The ``object`` that Stripe calls it, if it has an identity of its own."""
        return getattr(self.cls, "OBJECT_NAME", None)


Shape = Anything | Scalar | Choice | ListOf | MapOf | PageOf | AnyOf | Record


@cache
def record(cls: type) -> Record:
    """The one record of a class, so that its fields are worked out once."""
    return Record(cls)


def shape_of(annotation: Any) -> Shape:
    """The shape that an annotation describes."""
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (Union, types.UnionType):
        return _any_of(args)
    if origin is Literal or origin is typing_extensions.Literal:
        return Choice(args)
    if origin is list:
        return ListOf(shape_of(args[0]))
    if origin is dict or origin is UntypedStripeObject:
        return MapOf(shape_of(args[-1]))
    if origin is ListObject or origin is SearchResultObject:
        return PageOf(shape_of(args[0]))
    if annotation in (str, int, float, bool, Decimal):
        return Scalar(annotation)
    if isinstance(annotation, type) and annotation is not UntypedStripeObject:
        return _named(annotation)
    return Anything()


def _named(cls: type) -> Shape:
    is_record = issubclass(cls, StripeObject) and cls is not StripeObject
    if is_record or typing_extensions.is_typeddict(cls):
        return record(cls)
    return Anything()


def _any_of(args: tuple[Any, ...]) -> Shape:
    shapes = [shape_of(arg) for arg in args if arg is not type(None)]
    options = _closed(_flat(shapes))
    nullable = type(None) in args or any(_is_nullable(shape) for shape in shapes)
    if len(options) == 1 and not nullable:
        return options[0]
    return AnyOf(tuple(options), nullable)


def _is_nullable(shape: Shape) -> bool:
    return isinstance(shape, AnyOf) and shape.nullable


def _flat(shapes: list[Shape]) -> list[Shape]:
    return [
        option
        for shape in shapes
        for option in (shape.options if isinstance(shape, AnyOf) else (shape,))
    ]


def _closed(options: list[Shape]) -> list[Shape]:
    """The SDK writes enums as ``Literal[...] | str``: take them at their word."""
    has_values = any(
        isinstance(option, Choice) and any(option.values) for option in options
    )
    return [o for o in options if not (has_values and o == Scalar(str))]


def _answer_fields(cls: type) -> dict[str, Field]:
    return {
        name: Field(shape_of(hint), required=not _is_nullable(shape_of(hint)))
        for name, hint in hints_of(cls).items()
        if typing.get_origin(hint) is not ClassVar and not name.startswith("_")
    }


def _params_fields(cls: type) -> dict[str, Field]:
    required: frozenset[str] = getattr(cls, "__required_keys__", frozenset())
    return {
        name: Field(shape_of(_bare(hint)), required=name in required)
        for name, hint in hints_of(cls).items()
    }


def _bare(hint: Any) -> Any:
    origin = typing.get_origin(hint)
    markers = (typing_extensions.NotRequired, typing_extensions.Required)
    return typing.get_args(hint)[0] if origin in markers else hint
