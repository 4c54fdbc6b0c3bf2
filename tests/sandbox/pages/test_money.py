from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from wagtail_billing_portal.sandbox.pages.money import format_amount


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        pytest.param(1200, "eur", "€12.00", id="two decimals"),
        pytest.param(1200, "jpy", "¥1,200", id="none"),
        pytest.param(1230, "kwd", "KWD\xa01.230", id="three decimals"),
        pytest.param(500, "isk", "ISK\xa05", id="two on the wire, none shown"),
        pytest.param(50000, "ugx", "UGX\xa0500", id="two on the wire, none shown"),
        pytest.param(150050, "lbp", "LBP\xa01,500.50", id="a fraction is never lost"),
        pytest.param(-1200, "eur", "−€12.00", id="a real minus sign"),
        pytest.param(Decimal("0.5"), "usd", "$0.005", id="less than a cent"),
    ],
)
def test_an_amount_reads_as_stripe_means_it(amount, currency, text):
    with translation.override("en"):
        assert format_amount(amount, currency) == text


def test_an_amount_is_written_in_the_readers_language():
    with translation.override("de"):
        assert format_amount(123456, "eur") == "1.234,56\xa0€"


def test_a_language_without_locale_data_falls_back_to_english():
    with translation.override("xx"):
        assert format_amount(1200, "eur") == "€12.00"
