"""The test cards and accounts that a payment page offers to practise with."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class PracticeCard:
    """A number and what happens to a payment with it."""

    number: str
    does: str | Promise

    @property
    def spaced(self) -> str:
        """The number in groups, as it stands on a card."""
        if self.number.startswith("3"):
            return f"{self.number[:4]} {self.number[4:10]} {self.number[10:]}"
        return " ".join(self.number[i : i + 4] for i in range(0, len(self.number), 4))

    @property
    def form_values(self) -> dict[str, str]:
        """What to write into a card form."""
        code = "1234" if self.number.startswith("3") else "123"
        return {"number": self.spaced, "expiry": "12/34", "cvc": code}


PRACTICE_CARDS = (
    PracticeCard("4242424242424242", _("Visa: pays")),
    PracticeCard("5555555555554444", _("Mastercard: pays")),
    PracticeCard("378282246310005", _("American Express: pays")),
    PracticeCard("4000002760003184", _("Asks for authentication every time")),
    PracticeCard("4000000000000002", _("Declined")),
    PracticeCard("4000000000009995", _("Declined: not enough money")),
    PracticeCard("4000000000000069", _("Declined: the card has expired")),
    PracticeCard("4000000000000127", _("Declined: wrong security code")),
    PracticeCard("4000000000000341", _("Is saved, then every payment is declined")),
)


@dataclass(frozen=True)
class PracticeAccount:
    """An account and what happens to a debit from it."""

    kind: str
    number: str
    bank: str
    does: str | Promise

    @property
    def form_values(self) -> dict[str, str]:
        """What to write into the form of its kind."""
        if self.kind == "sepa_debit":
            return {"iban": self.number}
        return {"bank": self.bank, "number": self.number}


_PAYS = _("Pays after three days")
_FAILS = _("Is refused after three days")
_LACKS = _("Refused after three days: not enough money")
PRACTICE_ACCOUNTS = (
    PracticeAccount("sepa_debit", "DE89370400440532013000", "", _PAYS),
    PracticeAccount("sepa_debit", "DE62370400440532013001", "", _FAILS),
    PracticeAccount("sepa_debit", "DE65370400440002222227", "", _LACKS),
    PracticeAccount("us_bank_account", "000123456789", "110000000", _PAYS),
    PracticeAccount("us_bank_account", "000222222227", "110000000", _LACKS),
    PracticeAccount("bacs_debit", "00012345", "108800", _PAYS),
    PracticeAccount("bacs_debit", "22222227", "108800", _LACKS),
    PracticeAccount("au_becs_debit", "000123456", "000000", _PAYS),
    PracticeAccount("au_becs_debit", "222222227", "000000", _FAILS),
)


def practice_account(number: str | None) -> PracticeAccount | None:
    """The account on the list with this number."""
    return next((one for one in PRACTICE_ACCOUNTS if one.number == number), None)


def practice_card(number: str | None) -> PracticeCard | None:
    """The card on the list with this number."""
    return next((card for card in PRACTICE_CARDS if card.number == number), None)
