"""How somebody pays who does not pay by card: from which account or wallet."""

from __future__ import annotations

import re
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_billing_portal.sandbox.billing import banks
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.forms.base import PlainForm

Json = dict[str, Any]

CARD = "card"


class WayForm(PlainForm):
    """Which way to pay: a payment method saved before, or a kind of new one."""

    paying_with = forms.ChoiceField(
        label=_("Pay with"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how to pay.")},
    )

    def __init__(self, data: Any, *, ways: list[tuple[str, str]], chosen: str) -> None:
        if data is not None and "paying_with" not in data and CARD in dict(ways):
            data = {**data.dict(), "paying_with": CARD}
        super().__init__(data, initial={"paying_with": chosen})
        field = cast(forms.ChoiceField, self.fields["paying_with"])
        field.choices = ways

    @property
    def chosen(self) -> str:
        """The id of a saved payment method, or the kind of a new one."""
        return str(self["paying_with"].value() or "")


class AccountForm(PlainForm):
    """An account of one kind and its holder; a wallet needs nothing typed."""

    kind: ClassVar[str]
    home: ClassVar[str] = ""
    # Which fields of the form are parts of Stripe's block for this kind.
    parts: ClassVar[dict[str, str]] = {}

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, prefix=self.kind, **kwargs)
        if self.parts:
            self.fields["name"] = _text(
                _("Account holder"), _("Enter the name of the account holder."), "name"
            )

    @property
    def country(self) -> str:
        """Where the account is."""
        return self.home

    @property
    def account(self) -> Json:
        """The account in Stripe's ``payment_method_data``."""
        said = self.cleaned_data
        block = {part: said[name] for name, part in self.parts.items()}
        about: Json = {}
        if self.parts:
            about = {"name": said["name"], "address": {"country": self.country}}
        sent = {self.kind: block} if block else {}
        return {"type": self.kind, **sent, "billing_details": about}


def account_form_class(kind: str) -> type[AccountForm]:
    """The form for an account of a kind."""
    made = {"kind": kind, "__module__": __name__}
    return _FORMS.get(kind) or type("WalletForm", (AccountForm,), made)


def _text(label: Any, missing: Any, hint: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=150,
        error_messages={"required": missing},
        widget=forms.TextInput(attrs={"autocomplete": hint}),
    )


def _number(label: Any, missing: Any) -> forms.CharField:
    digits = {"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"}
    return forms.CharField(
        label=label,
        max_length=42,
        error_messages={"required": missing},
        widget=forms.TextInput(attrs=digits),
    )


def _account_number() -> forms.CharField:
    return _number(_("Account number"), _("Enter the account number."))


class SepaForm(AccountForm):
    """An account in Europe."""

    kind = "sepa_debit"
    parts: ClassVar = {"iban": "iban"}

    iban = _number(_("IBAN"), _("Enter the IBAN."))

    @property
    def country(self) -> str:
        return str(self.cleaned_data["iban"][:2])

    def clean_iban(self) -> str:
        try:
            iban = banks.read_iban(self.cleaned_data["iban"])
        except InvalidRequest as refused:
            raise forms.ValidationError(
                _("This IBAN has a typing mistake in it."), code=refused.code
            ) from refused
        return _only_for_tests(self.kind, iban)


class DigitsForm(AccountForm):
    """An account known by a number beside the number of its bank."""

    digits: ClassVar[dict[str, int]] = {}

    def clean(self) -> Json:
        for name, length in self.digits.items():
            if name in self.cleaned_data:
                self._check_digits(name, length)
        if number := self.cleaned_data.get("number"):
            try:
                _only_for_tests(self.kind, number)
            except forms.ValidationError as refused:
                self.add_error("number", refused)
        return self.cleaned_data

    def _check_digits(self, name: str, length: int) -> None:
        plain = re.sub(r"[\s-]", "", self.cleaned_data[name])
        self.cleaned_data[name] = plain
        if not re.fullmatch(rf"\d{{{length}}}", plain, re.ASCII):
            wrong = _("This number has %(length)s digits.")
            self.add_error(
                name, forms.ValidationError(wrong, params={"length": length})
            )


class UsBankAccountForm(DigitsForm):
    """An account in the United States."""

    kind = "us_bank_account"
    home = "US"
    parts: ClassVar = {"bank": "routing_number", "number": "account_number"}
    digits: ClassVar = {"bank": 9}

    bank = _number(_("Routing number"), _("Enter the routing number."))
    number = _account_number()


class BacsForm(DigitsForm):
    """An account in the United Kingdom."""

    kind = "bacs_debit"
    home = "GB"
    parts: ClassVar = {"bank": "sort_code", "number": "account_number"}
    digits: ClassVar = {"bank": 6, "number": 8}

    bank = _number(_("Sort code"), _("Enter the sort code."))
    number = _account_number()


class BecsForm(DigitsForm):
    """An account in Australia."""

    kind = "au_becs_debit"
    home = "AU"
    parts: ClassVar = {"bank": "bsb_number", "number": "account_number"}
    digits: ClassVar = {"bank": 6}

    bank = _number(_("BSB number"), _("Enter the BSB number."))
    number = _account_number()


_FORMS: dict[str, type[AccountForm]] = {
    form.kind: form for form in (SepaForm, UsBankAccountForm, BacsForm, BecsForm)
}
_TEST_NUMBERS = frozenset((account.type, account.number) for account in banks.ACCOUNTS)


def _only_for_tests(kind: str, number: str) -> str:
    if (kind, number) not in _TEST_NUMBERS:
        raise forms.ValidationError(
            _("This is not a test account. Use one from the list below the form."),
            code="test_mode_live_account",
        )
    return number
