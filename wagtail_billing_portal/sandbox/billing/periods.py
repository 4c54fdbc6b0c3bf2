"""When billing periods begin and end."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

DAY = 24 * 60 * 60
HOUR = 60 * 60

_FIXED = {"day": DAY, "week": 7 * DAY}
_MONTHS = {"month": 1, "year": 12}


def period_end(start: int, *, anchor: int, recurring: dict[str, Any]) -> int:
    """The first moment of the anchor's rhythm that lies after ``start``."""
    return around(start, anchor=anchor, recurring=recurring)[1]


def around(moment: int, *, anchor: int, recurring: dict[str, Any]) -> tuple[int, int]:
    """The whole period of the anchor's rhythm in which ``moment`` lies."""
    interval, count = recurring["interval"], int(recurring["interval_count"])
    if interval in _FIXED:
        length = _FIXED[interval] * count
        begin = anchor + (moment - anchor) // length * length
        return begin, begin + length
    months = _MONTHS[interval] * count
    steps = _months_between(anchor, moment) // months
    while (end := add_months(anchor, steps * months)) <= moment:
        steps += 1
    return add_months(anchor, (steps - 1) * months), end


def add_months(moment: int, months: int) -> int:
    """So many months later, on the month's last day where it is too short."""
    start = dt.datetime.fromtimestamp(moment, tz=dt.UTC)
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    last_day = calendar.monthrange(year, month + 1)[1]
    day = min(start.day, last_day)
    return int(start.replace(year=year, month=month + 1, day=day).timestamp())


def _months_between(first: int, second: int) -> int:
    one = dt.datetime.fromtimestamp(first, tz=dt.UTC)
    other = dt.datetime.fromtimestamp(second, tz=dt.UTC)
    return (other.year - one.year) * 12 + other.month - one.month - 1
