"""``expand``: ids turned into objects, and fields added that Stripe omits."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from stripe._object_classes import OBJECT_CLASSES

from . import store
from .contract.omitted import ON_DEMAND
from .contract.resources import resource
from .contract.shapes import AnyOf, ListOf, PageOf, Record, Scalar, Shape
from .errors import InvalidRequest
from .routing import expander_for
from .world import World, tombstone

Json = dict[str, Any]

MAX_DEPTH = 4


def check_paths(paths: list[str], returns: Shape) -> None:
    """Refuse paths that lead nowhere, before anything is done."""
    for path in paths:
        steps = path.split(".")
        if len(steps) > MAX_DEPTH:
            raise InvalidRequest(
                f"You cannot expand more than {MAX_DEPTH} levels of a property. "
                f"Property: {path}",
                param="expand",
            )
        if not _leads_somewhere(returns, steps):
            raise InvalidRequest(
                f"This property cannot be expanded ({path}).", param="expand"
            )


def expand(world: World, answer: Json, returns: Shape, paths: list[str]) -> Json:
    """The answer with everything that ``paths`` name filled in."""
    answer = copy.deepcopy(answer)
    for path in paths:
        _expand(world, answer, returns, path.split("."))
    return answer


def _leads_somewhere(shape: Shape, steps: list[str]) -> bool:
    step, *rest = steps
    for option in _options(shape):
        if isinstance(option, PageOf) and step == "data" and rest:
            return _leads_somewhere(option.item, rest)
        if isinstance(option, Record) and step in option.fields:
            if rest and expander_for(option.kind or "", ".".join(steps)):
                return True
            inner = option.fields[step].shape
            if rest and _leads_somewhere(inner, rest):
                return True
            if not rest and (_is_reference(inner) or _on_demand(option, step)):
                return True
    return False


def _on_demand(owner: Record, name: str) -> bool:
    kind = owner.kind or ""
    if name not in ON_DEMAND.get(kind, ()):
        return expander_for(kind, name) is not None
    if expander_for(kind, name) is None:
        raise InvalidRequest(
            f"The sandbox does not support expanding `{name}` of a {kind} yet.",
            param="expand",
        )
    return True


def _is_reference(shape: Shape) -> bool:
    options = list(_options(shape))
    return Scalar(str) in options and bool(_kinds(shape))


def _kinds(shape: Shape) -> list[str]:
    records = [option for option in _options(shape) if isinstance(option, Record)]
    return [option.kind for option in records if option.kind]


def _options(shape: Shape) -> Iterator[Shape]:
    """What a value of this shape can be; lists are looked through."""
    if isinstance(shape, AnyOf):
        for option in shape.options:
            yield from _options(option)
    elif isinstance(shape, ListOf):
        yield from _options(shape.item)
    else:
        yield shape


def _expand(world: World, value: Any, shape: Shape, steps: list[str]) -> None:
    if isinstance(value, list):
        for item in value:
            _expand(world, item, shape, steps)
    elif isinstance(value, dict) and (fields := _shape_of_value(value, shape)):
        _expand_field(world, value, fields, steps)


def _expand_field(
    world: World, obj: Json, shape: Record | PageOf, steps: list[str]
) -> None:
    name, *rest = steps
    if isinstance(shape, PageOf):
        _expand(world, obj["data"], shape.item, rest)
        return
    if name not in shape.fields or obj.get("deleted"):
        return
    if rest and (deep := expander_for(shape.kind or "", ".".join(steps))):
        _put(obj, steps, deep(world, obj))
        return
    expander = expander_for(shape.kind or "", name)
    if expander and obj.get(name) is None:
        obj[name] = expander(world, obj)
    inner = shape.fields[name].shape
    obj[name] = _resolved(world, obj.get(name), inner)
    if rest:
        _expand(world, obj[name], inner, rest)


def _put(obj: Json, steps: list[str], value: Any) -> None:
    """Fill in a field of a part that an object has; not every object has the part."""
    *parts, name = steps
    for part in parts:
        obj = obj.get(part) or {}
    obj[name] = value


def _resolved(world: World, value: Any, shape: Shape) -> Any:
    if isinstance(value, list):
        return [_resolved(world, item, shape) for item in value]
    if isinstance(value, str) and _is_reference(shape):
        for kind in _kinds(shape):
            if stored := store.row(world.account, kind, value):
                return tombstone(stored.data) if stored.deleted else stored.data
    return value


def _shape_of_value(value: Json, shape: Shape) -> Record | PageOf | None:
    kind = value.get("object")
    for option in _options(shape):
        if isinstance(option, PageOf) and kind in ("list", "search_result"):
            return option
        if isinstance(option, Record) and option.kind in (None, kind):
            return option
    return resource(kind) if kind in OBJECT_CLASSES else None
