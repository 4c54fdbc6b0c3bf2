"""Stripe's search language: ``email:"ada@example.com" AND metadata["plan"]:"gold"``."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from . import faults
from .errors import InvalidRequest
from .world import World

Json = dict[str, Any]

CLAUSE = re.compile(
    r"""
    \s*(?P<without>-)?
    (?P<field>[a-z_.0-9]+)
    (?:\[(?P<quote>["'])(?P<key>.*?)(?P=quote)\])?
    \s*(?P<operator>>=|<=|:|~|>|<)\s*
    (?:(?P<mark>["'])(?P<text>(?:\\.|(?!(?P=mark)).)*)(?P=mark)|(?P<bare>[^\s"']+))
    \s*
    """,
    re.VERBOSE,
)
JOINT = re.compile(r"(AND|OR)\s+", re.IGNORECASE)
DEFAULT_LIMIT = 10
MAX_LIMIT = 100
SHORTEST_PART = 3
MOST_CLAUSES = 10
NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?")
NUMBERS = {"amount", "canceled_at", "created", "total", "exp_month", "exp_year"}
TEXTS = {"description", "email", "metadata", "name", "number", "phone"}
TEXTS |= {"receipt_number", "url"}
COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
}


@dataclass(frozen=True)
class Clause:
    """One condition of a query."""

    field: str
    key: str | None
    operator: str
    value: str | None
    without: bool

    def matches(self, obj: Json) -> bool:
        """Whether an object meets the condition."""
        found = self._value_in(obj)
        return self._holds(found) is not self.without

    def _value_in(self, obj: Json) -> Any:
        value: Any = obj
        for name in self.field.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        if self.key is not None:
            value = (value or {}).get(self.key)
        return value

    def _holds(self, found: Any) -> bool:
        if self.value is None:
            return found is None
        if found is None:
            return False
        text = str(found).lower()
        if self.operator == ":":
            return text == self.value.lower()
        if self.operator == "~":
            return self.value.lower() in text
        return COMPARE[self.operator](Decimal(text), _number(self.value))


def search(world: World, kind: str, params: Json, *, fields: Iterable[str]) -> Json:
    """The page of a search result that ``params`` ask for, newest first."""
    joint, clauses = parse(params["query"], fields)
    met = any if joint == "OR" else all
    lag = faults.current().search_lag
    found = [
        obj
        for obj in world.find(kind)
        if not (lag and obj["created"] > world.now - lag)
        and met(clause.matches(obj) for clause in clauses)
    ]
    limit, start = params.get("limit", DEFAULT_LIMIT), _start(params.get("page"))
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidRequest(
            f"Invalid integer: {limit}. A limit is between 1 and {MAX_LIMIT}.",
            code="parameter_invalid_integer",
            param="limit",
        )
    end = start + limit
    return {
        "object": "search_result",
        "data": found[start:end],
        "has_more": len(found) > end,
        "next_page": _mark(end) if len(found) > end else None,
        "url": world.path,
    }


def parse(query: str, fields: Iterable[str]) -> tuple[str, list[Clause]]:
    """The conditions of a query, and the word that joins them."""
    known, joints, clauses, rest = set(fields), set[str](), list[Clause](), query
    while True:
        found = CLAUSE.match(rest)
        if found is None:
            raise _refused(f"the query cannot be read from `{rest.strip()}` on.")
        clauses.append(_clause(found, known))
        rest = rest[found.end() :]
        if not rest:
            break
        joint = JOINT.match(rest)
        joints.add(joint[1].upper() if joint else "AND")
        rest = rest[joint.end() :] if joint else rest
    if len(clauses) > MOST_CLAUSES:
        raise _refused(f"it has more than {MOST_CLAUSES} conditions.")
    if len(joints) > 1:
        raise _refused("AND and OR cannot be combined in one query.")
    return joints.pop() if joints else "AND", clauses


def _clause(found: re.Match[str], known: set[str]) -> Clause:
    field, operator = found["field"], found["operator"]
    if field not in known:
        names = ", ".join(sorted(known))
        raise _refused(f"`{field}` is not searchable. These are: {names}.")
    if (field == "metadata") != (found["key"] is not None):
        raise _refused("metadata is searched as `metadata['key']:'value'`.")
    text, bare = found["text"], found["bare"]
    value = bare if text is None else re.sub(r"\\(.)", r"\1", text)
    if bare and bare.lower() == "null":
        value = None
    if operator == "~" and (value is None or len(value) < SHORTEST_PART):
        raise _refused(f"`~` needs at least {SHORTEST_PART} characters.")
    if operator == "~" and field not in TEXTS:
        raise _refused(f"`{field}` is searched by its whole value, with `:`.")
    if operator in COMPARE and field.rpartition(".")[2] not in NUMBERS:
        raise _refused(f"`{field}` is no number; it is searched with `:`.")
    if operator in COMPARE:
        _number(value or "")
    return Clause(field, found["key"], operator, value, found["without"] is not None)


def _number(text: str) -> Decimal:
    if NUMBER.fullmatch(text) is None:
        raise _refused(f"`{text}` is not a number.")
    return Decimal(text)


def _mark(position: int) -> str:
    return base64.urlsafe_b64encode(f"page:{position}".encode()).decode().rstrip("=")


def _start(mark: str | None) -> int:
    if not mark:
        return 0
    try:
        text = base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode()
        return abs(int(text.removeprefix("page:")[:12]))
    except ValueError as error:
        raise InvalidRequest("Invalid page.", param="page") from error


def _refused(why: str) -> InvalidRequest:
    return InvalidRequest(
        f"We were unable to parse your search query: {why} See "
        "https://stripe.com/docs/search#query-fields-for-each-resource.",
        param="query",
    )
