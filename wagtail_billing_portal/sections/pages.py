"""Pages of a list that may be of any length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)

#: Nobody wants to know how many pages more rows than that make.
MOST_COUNTED = 1000
FURTHEST = 1_000_000


@dataclass(frozen=True)
class ListPage(Generic[Row]):
    """One page of a list, and where in the list it is."""

    rows: list[Row]
    number: int
    has_next: bool
    #: How many pages there are; ``None`` where there are too many to count.
    count: int | None

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def page_of(rows: QuerySet[Row], *, number: Any, size: int) -> ListPage[Row]:
    """The page of ``rows`` that a visitor asks for, or the nearest there is.

    Takes the same time whether there are a thousand rows or a million, where Django's
    paginator counts them all.
    """
    known = rows[: MOST_COUNTED + 1].count()
    count = max(1, -(-known // size)) if known <= MOST_COUNTED else None
    number = min(_positive(number), count or FURTHEST)
    found = _rows_on(rows, number, size)
    if number > 1 and not found:
        number, found = 1, _rows_on(rows, 1, size)
    return ListPage(found[:size], number, len(found) > size, count)


def _rows_on(rows: QuerySet[Row], number: int, size: int) -> list[Row]:
    """The rows of a page, and the first of the next."""
    return list(rows[(number - 1) * size : number * size + 1])


def _positive(number: Any) -> int:
    text = str(number)
    return (
        max(1, int(text)) if text.isdecimal() and len(text) <= len(str(FURTHEST)) else 1
    )
