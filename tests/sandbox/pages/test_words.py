from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import translation

from wagtail_billing_portal.sandbox.pages import words

MOMENT = int(datetime(2026, 12, 19, 9, 30, tzinfo=UTC).timestamp())
DAY = 24 * 60 * 60


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "19 December 2026"),
        ("en-us", "December 19, 2026"),
        ("de", "19. Dezember 2026"),
    ],
)
def test_a_date_is_written_out(language, text):
    with translation.override(language):
        assert words.on_date(MOMENT) == text


def test_no_date_is_no_text():
    assert words.on_date(None) == ""


def test_a_period_without_length_is_one_date():
    with translation.override("en"):
        assert words.period(MOMENT, MOMENT) == "19 Dec 2026"
        assert words.period(MOMENT, MOMENT + DAY) == "19 Dec 2026 – 20 Dec 2026"


@pytest.mark.parametrize(
    ("interval", "count", "text"),
    [
        ("day", 1, "€1 a day"),
        ("week", 2, "€1 every 2 weeks"),
        ("month", 1, "€1 a month"),
        ("month", 3, "€1 every 3 months"),
        ("year", 1, "€1 a year"),
    ],
)
def test_a_rate_says_how_often(interval, count, text):
    recurring = {"interval": interval, "interval_count": count}

    assert words.rate("€1", recurring) == text


def test_a_single_price_has_no_rhythm():
    assert words.rate("€1", None) == "€1"


@pytest.mark.parametrize(
    ("method", "label"),
    [
        (None, ""),
        ({"type": "card", "card": {"brand": "visa", "last4": "4242"}}, "Visa ending"),
        (
            {"type": "sepa_debit", "sepa_debit": {"last4": "3000"}},
            "SEPA direct debit ending",
        ),
        ({"type": "paypal", "paypal": {}}, "PayPal"),
    ],
)
def test_a_payment_method_has_a_name(method, label):
    assert words.card_label(method).startswith(label)


def test_an_address_leaves_out_what_is_empty():
    address = {"line1": "High Street 1", "city": "Leeds", "country": "GB"}

    with translation.override("en"):
        lines = words.address_lines(address)

    assert lines == ["High Street 1", "Leeds", "United Kingdom"]
    assert words.address_lines(None) == []
