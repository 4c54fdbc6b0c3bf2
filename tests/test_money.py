"""Stripe's minor units in a person's words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from wagtail_billing_portal.locales import stripe_locale
from wagtail_billing_portal.money import (
    exponent_of,
    format_amount,
    format_count,
    format_rate,
)


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "words"),
    [
        (1200, "eur", "en", "€12.00"),
        (1200, "eur", "de", "12,00\xa0€"),
        (123456, "gbp", "en-gb", "£1,234.56"),
        (-1080, "eur", "en", "-€10.80"),
        (500, "jpy", "en", "¥500"),
        (500, "isk", "en", "ISK5"),
        (12340, "kwd", "en", "KWD12.340"),
        (500, "usd", "a language of nobody", "$5.00"),
    ],
)
def test_an_amount_reads_as_in_the_language(amount, currency, locale, words):
    assert format_amount(amount, currency, locale) == words


@pytest.mark.parametrize(
    ("amount", "words"), [(1200, "€12"), (1250, "€12.50"), (0, "€0")]
)
def test_a_round_amount_can_be_short(amount, words):
    assert format_amount(amount, "eur", "en", short=True) == words


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "words"),
    [
        ("2", "eur", "en", "€0.02"),
        ("0.5", "eur", "de", "0,005\xa0€"),
        ("400", "eur", "en", "€4.00"),
        ("0.25", "jpy", "en", "¥0.25"),
        ("0.00000000001", "usd", "en", "$0.0000000000001"),
    ],
)
def test_what_one_costs_is_never_rounded(amount, currency, locale, words):
    assert format_rate(Decimal(amount), currency, locale) == words


@pytest.mark.parametrize(
    ("count", "locale", "words"),
    [
        (1240, "en", "1,240"),
        (Decimal("1240.5"), "de", "1.240,5"),
        (Decimal("9876543210123"), "en", "9,876,543,210,123"),
    ],
)
def test_how_many_reads_as_in_the_language(count, locale, words):
    assert format_count(count, locale) == words


@pytest.mark.parametrize(
    ("currency", "digits"), [("EUR", 2), ("jpy", 0), ("isk", 2), ("ugx", 2), ("bhd", 3)]
)
def test_decimals_follow_stripe_not_the_world(currency, digits):
    assert exponent_of(currency) == digits


@pytest.mark.parametrize(
    ("language", "locale"),
    [
        ("en", "en"),
        ("en-gb", "en-GB"),
        ("en-au", "en"),
        ("de-at", "de"),
        ("es-mx", "es-419"),
        ("es-es", "es"),
        ("pt-br", "pt-BR"),
        ("zh-hans", "zh"),
        ("zh-hant", "zh-TW"),
        ("zh-hk", "zh-HK"),
        ("nb", "nb"),
        ("no", "nb"),
        ("uk", "auto"),
    ],
)
def test_stripe_is_spoken_to_in_the_members_language(language, locale):
    assert stripe_locale(language) == locale
