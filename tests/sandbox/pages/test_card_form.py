from __future__ import annotations

from datetime import UTC, datetime

import pytest

from wagtail_billing_portal.sandbox.forms.cards import CardForm, passes_luhn

NOW = int(datetime(2026, 11, 22, tzinfo=UTC).timestamp())


def a_card(**changed):
    fields = {
        "number": "4242 4242 4242 4242",
        "expiry": "12/34",
        "cvc": "123",
        "name": "Ada Lovelace",
        "country": "GB",
    }
    return CardForm({**fields, **changed}, now=NOW)


def test_a_test_card_is_taken_as_typed():
    form = a_card()

    assert form.is_valid()
    assert form.card == {
        "number": "4242424242424242",
        "exp_month": 12,
        "exp_year": 2034,
        "cvc": "123",
        "name": "Ada Lovelace",
        "country": "GB",
    }


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("number", "", "required"),
        ("number", "4242 4242", "incomplete_number"),
        ("number", "4242 4242 4242 4241", "incorrect_number"),
        ("number", "4111 1111 1111 1111", "test_mode_live_card"),
        ("expiry", "13/30", "invalid_expiry_month"),
        ("expiry", "soon", "invalid_expiry_month"),
        ("expiry", "10/26", "invalid_expiry_year_past"),
        ("expiry", "10/2099", "invalid_expiry_year"),
        ("cvc", "12", "invalid_cvc"),
        ("cvc", "1234", "invalid_cvc"),
        ("cvc", "abc", "invalid_cvc"),
        ("name", "", "required"),
        ("country", "", "required"),
        ("country", "ZZ", "invalid_choice"),
    ],
)
def test_a_mistake_is_named_at_its_field(field, typed, code):
    form = a_card(**{field: typed})

    assert not form.is_valid()
    assert [error.code for error in form.errors.as_data()[field]] == [code]


@pytest.mark.parametrize("typed", ["11/26", "1126", "11 / 2026", "11-26"])
def test_a_card_works_until_the_end_of_its_month(typed):
    assert a_card(expiry=typed).is_valid()


def test_american_express_has_four_digits():
    number = "3782 822463 10005"

    assert a_card(number=number, cvc="1234").is_valid()
    assert not a_card(number=number, cvc="123").is_valid()


def test_digits_of_another_script_are_digits():
    form = a_card(number="٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢", expiry="١٢/٣٤", cvc="١٢٣")

    assert form.is_valid()
    assert form.card["number"] == "4242424242424242"


def test_number_and_security_code_never_come_back():
    page = a_card(name="").as_div()

    assert "4242" not in page
    assert 'value="123"' not in page
    assert 'value="12/34"' in page


@pytest.mark.parametrize("number", ["4242424242424242", "378282246310005"])
def test_the_check_digit_fits(number):
    assert passes_luhn(number)
    assert not passes_luhn(number[:-1] + str((int(number[-1]) + 1) % 10))
