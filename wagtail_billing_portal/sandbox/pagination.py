"""Stripe's lists: newest first, cursors by id, an exact ``has_more``."""

from __future__ import annotations

import operator
from typing import Any

from django.db.models import QuerySet

from .errors import InvalidRequest
from .models import StoredObject

Json = dict[str, Any]

DEFAULT_LIMIT = 10
MAX_LIMIT = 100
_COMPARED = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
CURSORS = ("starting_after", "ending_before")


def page_of_rows(
    found: QuerySet[StoredObject],
    params: Json,
    *,
    among: QuerySet[StoredObject],
    url: str,
) -> Json:
    """One page of rows ordered newest first; a cursor is any row of ``among``."""
    limit = _limit(params)
    found = _created_within(found, params.get("created"))
    if cursor := params.get("ending_before"):
        edge = _edge(among, cursor, "ending_before")
        newer = found.filter(seq__gt=edge.seq).order_by("seq")
        rows = list(newer[: limit + 1])
        return _list(_data(rows[:limit])[::-1], has_more=len(rows) > limit, url=url)
    if cursor := params.get("starting_after"):
        edge = _edge(among, cursor, "starting_after")
        found = found.filter(seq__lt=edge.seq)
    rows = list(found[: limit + 1])
    return _list(_data(rows[:limit]), has_more=len(rows) > limit, url=url)


def page(objects: list[Json], params: Json, *, url: str) -> Json:
    """One page of objects that are already in the order to show."""
    limit = _limit(params)
    if cursor := params.get("ending_before"):
        before = objects[: _index(objects, cursor, "ending_before")]
        return _list(before[-limit:], has_more=len(before) > limit, url=url)
    if cursor := params.get("starting_after"):
        objects = objects[_index(objects, cursor, "starting_after") + 1 :]
    return _list(objects[:limit], has_more=len(objects) > limit, url=url)


def is_within(value: int, bounds: int | dict[str, int] | None) -> bool:
    """Whether a value lies in the range that a filter asks for."""
    if bounds is None:
        return True
    if not isinstance(bounds, dict):
        return value == bounds
    return all(_COMPARED[name](value, bound) for name, bound in bounds.items())


def _list(data: list[Json], *, has_more: bool, url: str) -> Json:
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def _data(rows: list[StoredObject]) -> list[Json]:
    return [row.data for row in rows]


def _limit(params: Json) -> int:
    if all(params.get(cursor) for cursor in CURSORS):
        raise InvalidRequest(
            "Received both starting_after and ending_before parameters. "
            "Please pass in only one.",
            code="parameters_exclusive",
        )
    limit = int(params.get("limit", DEFAULT_LIMIT))
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidRequest(
            f"Invalid integer: {limit}. A limit is between 1 and {MAX_LIMIT}.",
            code="parameter_invalid_integer",
            param="limit",
        )
    return limit


def _edge(among: QuerySet[StoredObject], cursor: str, param: str) -> StoredObject:
    if (edge := among.filter(object_id=cursor).first()) is None:
        raise _no_cursor(cursor, param)
    return edge


def _index(objects: list[Json], cursor: str, param: str) -> int:
    for index, obj in enumerate(objects):
        if obj["id"] == cursor:
            return index
    raise _no_cursor(cursor, param)


def _no_cursor(cursor: str, param: str) -> InvalidRequest:
    return InvalidRequest(
        f"No such object: '{cursor}'", code="resource_missing", param=param
    )


def _created_within(
    found: QuerySet[StoredObject], created: int | dict[str, int] | None
) -> QuerySet[StoredObject]:
    if created is None:
        return found
    bounds = created if isinstance(created, dict) else {"exact": created}
    return found.filter(**{f"created__{name}": bound for name, bound in bounds.items()})
