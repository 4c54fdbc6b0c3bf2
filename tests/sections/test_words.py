from __future__ import annotations

from datetime import UTC, date, datetime
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import timezone, translation

import wagtail_billing_portal
from wagtail_billing_portal.models import Price, SubscriptionState
from wagtail_billing_portal.models.catalog import interval_words
from wagtail_billing_portal.sections.words import (
    amount_words,
    date_words,
    interval_title,
    price_words,
    tax_words,
)

DAY = date(2026, 12, 19)


@pytest.mark.parametrize(
    ("language", "long", "medium"),
    [
        ("en", "19 December 2026", "19 Dec 2026"),
        ("en-gb", "19 December 2026", "19 Dec 2026"),
        ("en-us", "December 19, 2026", "Dec 19, 2026"),
        ("de", "19. Dezember 2026", "19.12.2026"),
    ],
)
def test_a_date_is_a_date_in_every_language(language, long, medium):
    with translation.override(language):
        assert date_words(DAY) == long
        assert date_words(DAY, "medium") == medium


def test_a_moment_is_the_day_that_members_have_then():
    late = datetime(2026, 12, 19, 23, 30, tzinfo=UTC)

    with timezone.override("Europe/Berlin"):
        assert date_words(late) == "20 December 2026"


def test_no_date_is_no_words():
    assert date_words(None) == ""


@pytest.mark.parametrize(
    ("interval", "count", "title"),
    [
        ("month", 1, "Monthly"),
        ("year", 1, "Yearly"),
        ("month", 3, "Every 3 months"),
        ("", 1, ""),
    ],
)
def test_an_interval_has_a_title(interval, count, title):
    assert interval_title(interval, count) == title


@pytest.mark.parametrize(
    ("behavior", "said"),
    [
        ("inclusive", "tax included"),
        ("exclusive", "plus tax"),
        ("unspecified", ""),
    ],
)
def test_tax_is_mentioned_where_stripe_knows(behavior, said):
    assert tax_words(Price(data={"tax_behavior": behavior}), "") == said


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        (1200, "eur", "€12"),
        (1250, "eur", "€12.50"),
        (500, "jpy", "¥500"),
        (0, "eur", "Free"),
        (None, "eur", "Depends on use"),
    ],
)
def test_a_price_tag_is_short(amount, currency, said):
    assert amount_words(amount, currency, short=True) == said


def test_a_price_by_use_says_what_one_costs():
    recurring = {"usage_type": "metered"}
    data = {"unit_amount_decimal": "0.5", "tax_behavior": "exclusive"}
    price = Price(currency="eur", data={**data, "recurring": recurring})
    packed = {**price.data, "transform_quantity": {"divide_by": 100, "round": "up"}}

    assert price_words(price, "eur") == "€0.005 each, plus tax"
    assert (
        price_words(Price(currency="eur", data=packed), "eur")
        == "€0.005 for every 100, plus tax"
    )


def test_the_portal_speaks_german():
    with translation.override("de"):
        assert str(SubscriptionState.PAST_DUE.label) == "Zahlung überfällig"
        assert interval_words("month", 3) == "alle 3 Monate"
        assert amount_words(1200, "eur") == "12,00\xa0€"


@pytest.fixture
def german():
    """The words as written, and the folder they are in."""
    folder = Path(wagtail_billing_portal.__file__).parent / "locale/de/LC_MESSAGES"
    with (folder / "django.po").open(encoding="utf-8") as source:
        return [it for it in read_po(source) if it.id], folder


def test_nothing_is_left_untranslated(german):
    words, _folder = german

    assert [it.id for it in words if not it.string or it.fuzzy] == []


def test_the_compiled_words_are_those_of_the_source(german):
    words, folder = german

    with (folder / "django.mo").open("rb") as compiled:
        read = GNUTranslations(compiled)

    for it in words:
        if it.pluralizable:
            assert read.ngettext(*it.id, 2) == it.string[1]
        else:
            assert read.gettext(it.id) == it.string
