"""Calendar arithmetic for histories that began some months ago."""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and time so many months earlier, or that month's last day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    last_day = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last_day))


def renewed_days_ago(now: datetime, *, days: int, months: int) -> datetime:
    """When something began that has run for ``months`` and renewed ``days`` ago."""
    return months_before(now - timedelta(days=days), months)
