"""What somebody types who pays."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_billing_portal.sandbox.billing.cards import CARDS
from wagtail_billing_portal.sandbox.forms.base import PlainForm, country_field

AMEX_CVC_LENGTH = 4
DIGITS = {"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"}
TEST_NUMBERS = frozenset(card.number for card in CARDS)


class SecretInput(forms.TextInput):
    """A text field that what was typed into never comes back to."""

    forgets = False

    def format_value(self, value: Any) -> str | None:
        return None if self.forgets else super().format_value(value)


class CardForm(PlainForm):
    """Card number, expiry, security code, name and country."""

    number = forms.CharField(
        label=_("Card number"),
        help_text=_("A test card from the list. Never a real one."),
        error_messages={"required": _("Enter the card number.")},
        widget=SecretInput(attrs={**DIGITS, "maxlength": 30}),
    )
    expiry = forms.CharField(
        label=_("Expiry date"),
        help_text=_("MM/YY"),
        error_messages={"required": _("Enter the expiry date as MM/YY.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "dir": "ltr", "maxlength": 9}
        ),
    )
    cvc = forms.CharField(
        label=_("Security code"),
        help_text=_("3 or 4 digits"),
        error_messages={"required": _("Enter the security code.")},
        widget=SecretInput(attrs={**DIGITS, "maxlength": 4}),
    )
    name = forms.CharField(
        label=_("Name on card"),
        max_length=150,
        error_messages={"required": _("Enter the name on the card.")},
        widget=forms.TextInput(attrs={"autocomplete": "cc-name"}),
    )

    def __init__(self, *args: Any, now: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = datetime.fromtimestamp(now, tz=UTC).date()
        self.fields["country"] = country_field()
        for name in ("number", "cvc"):
            cast(SecretInput, self.fields[name].widget).forgets = self.is_bound

    def clean_number(self) -> str:
        number = re.sub(r"[\s-]", "", _western(self.cleaned_data["number"]))
        if not re.fullmatch(r"\d{12,19}", number):
            raise forms.ValidationError(
                _("A card number has 12 to 19 digits."), code="incomplete_number"
            )
        if not passes_luhn(number):
            raise forms.ValidationError(
                _("This card number has a typing mistake in it."),
                code="incorrect_number",
            )
        if number not in TEST_NUMBERS:
            raise forms.ValidationError(
                _("This is not a test card. Use one from the list below the form."),
                code="test_mode_live_card",
            )
        return number

    def clean_expiry(self) -> tuple[int, int]:
        month, year = _month_and_year(_western(self.cleaned_data["expiry"]))
        if (year, month) < (self.today.year, self.today.month):
            raise forms.ValidationError(
                _("This card expired in the past."), code="invalid_expiry_year_past"
            )
        if year > self.today.year + 50:
            raise forms.ValidationError(
                _("This expiry year is too far in the future."),
                code="invalid_expiry_year",
            )
        return month, year

    def clean_cvc(self) -> str:
        code = _western(self.cleaned_data["cvc"])
        number = self.cleaned_data.get("number", "")
        wanted = {AMEX_CVC_LENGTH} if number[:2] in {"34", "37"} else {3}
        # Without a usable number nothing is known about the length.
        lengths = wanted if number else {3, AMEX_CVC_LENGTH}
        if not code.isascii() or not code.isdigit() or len(code) not in lengths:
            raise forms.ValidationError(
                _("This card's security code has %(length)s digits."),
                code="invalid_cvc",
                params={"length": max(wanted)},
            )
        return code

    @property
    def country(self) -> str:
        """Where the card's holder says they live."""
        return str(self.cleaned_data["country"])

    @property
    def card(self) -> dict[str, Any]:
        """The card as the sandbox's payments take it."""
        month, year = self.cleaned_data["expiry"]
        return {
            "number": self.cleaned_data["number"],
            "exp_month": month,
            "exp_year": year,
            "cvc": self.cleaned_data["cvc"],
            "name": self.cleaned_data["name"],
            "country": self.cleaned_data["country"],
        }


def passes_luhn(number: str) -> bool:
    """Whether the check digit of a card number fits."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _western(text: str) -> str:
    """Digits of any script as those on a card: people type what their keys say."""
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
        for letter in text
    )


def _month_and_year(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"\s*(\d{1,2})\s*[/ .-]?\s*(\d{2}|\d{4})\s*", text, re.ASCII)
    month = int(found[1]) if found else 0
    if found is None or not 1 <= month <= 12:
        raise forms.ValidationError(
            _("Enter the expiry date as MM/YY, such as 04/30."),
            code="invalid_expiry_month",
        )
    year = int(found[2])
    return month, year if year > 99 else 2000 + year
