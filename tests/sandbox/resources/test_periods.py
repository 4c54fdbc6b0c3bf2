from __future__ import annotations

import pytest

from tests.sandbox.resources.shop import moment
from wagtail_billing_portal.sandbox.billing.periods import period_end


def every(count: int, interval: str) -> dict[str, object]:
    return {"interval": interval, "interval_count": count}


@pytest.mark.parametrize(
    ("start", "rhythm", "end"),
    [
        pytest.param((2026, 3, 1), every(1, "month"), (2026, 4, 1), id="month"),
        pytest.param((2026, 3, 1), every(3, "month"), (2026, 6, 1), id="quarter"),
        pytest.param((2026, 3, 1), every(1, "year"), (2027, 3, 1), id="year"),
        pytest.param((2026, 3, 1), every(2, "week"), (2026, 3, 15), id="weeks"),
        pytest.param((2026, 3, 1), every(10, "day"), (2026, 3, 11), id="days"),
        pytest.param((2024, 2, 29), every(1, "year"), (2025, 2, 28), id="leap day"),
    ],
)
def test_a_period_lasts_as_long_as_its_price_says(start, rhythm, end):
    began = moment(*start)

    assert period_end(began, anchor=began, recurring=rhythm) == moment(*end)


def test_an_anchor_on_the_31st_returns_to_it_after_a_short_month():
    anchor = moment(2026, 1, 31, 9)

    february = period_end(anchor, anchor=anchor, recurring=every(1, "month"))
    march = period_end(february, anchor=anchor, recurring=every(1, "month"))

    assert february == moment(2026, 2, 28, 9)
    assert march == moment(2026, 3, 31, 9)


def test_an_anchor_in_the_future_shortens_the_first_period():
    end = period_end(
        moment(2026, 3, 10), anchor=moment(2026, 5, 15), recurring=every(1, "month")
    )

    assert end == moment(2026, 3, 15)
