"""Bank accounts and wallets to test with, and what each of them does."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from wagtail_billing_portal.sandbox.billing.instruments import (
    DEBIT_FAILED,
    DEBIT_INSUFFICIENT_FUNDS,
    NEVER,
    Decline,
    Instrument,
    fingerprint,
)
from wagtail_billing_portal.sandbox.billing.periods import DAY
from wagtail_billing_portal.sandbox.errors import InvalidRequest

Json = dict[str, Any]

SOON = 3 * DAY
LATE = 7 * DAY


@dataclasses.dataclass(frozen=True)
class TestAccount(Instrument):
    """A way to pay other than a card; ``number`` is empty where there is none."""

    type: str
    number: str
    method_id: str = ""

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def fingerprint(self) -> str:
        """The same for the same account, whoever enters it."""
        return fingerprint(self.type + self.number)


_OVER_AMOUNT = Decline(
    "charge_exceeds_source_limit",
    "",
    "This payment exceeds the amount that may be debited from this account per week.",
)
_OVER_COUNT = Decline(
    "charge_exceeds_transaction_limit",
    "",
    "This payment exceeds the number of debits that are possible per week.",
)
_CLOSED = Decline("account_closed", "", "The bank account has been closed.")
_NO_ACCOUNT = Decline("no_account", "", "The bank account could not be located.")
_NOT_AUTHORIZED = Decline(
    "debit_not_authorized", "", "The customer has not authorized this debit."
)

# What the IBANs of a scenario do, in the order of the table below.
_SCENARIOS: dict[str, Json] = {
    "success": {"takes": SOON},
    "successDelayed": {"takes": LATE},
    "failed": {"takes": SOON, "decline": DEBIT_FAILED},
    "failedDelayed": {"takes": LATE, "decline": DEBIT_FAILED},
    "disputed": {"takes": SOON, "dispute": "fraudulent"},
    "exceedsWeeklyVolumeLimit": {"takes": SOON, "decline": _OVER_AMOUNT},
    "exceedsWeeklyTransactionLimit": {"takes": SOON, "decline": _OVER_COUNT},
    "insufficientFunds": {"takes": SOON, "decline": DEBIT_INSUFFICIENT_FUNDS},
}
_IBANS = {
    "at": "AT611904300234573201 AT321904300235473204 AT861904300235473202 "
    "AT051904300235473205 AT591904300235473203 AT981904300000343434 "
    "AT601904300000121212 AT981904300002222227",
    "be": "BE62510007547061 BE78510007547064 BE68539007547034 BE51510007547065 "
    "BE08510007547063 BE90510000343434 BE52510000121212 BE90510002222227",
    "de": "DE89370400440532013000 DE08370400440532013003 DE62370400440532013001 "
    "DE78370400440532013004 DE35370400440532013002 DE65370400440000343434 "
    "DE27370400440000121212 DE65370400440002222227",
    "fr": "FR1420041010050500013M02606 FR3020041010050500013M02609 "
    "FR8420041010050500013M02607 FR7920041010050500013M02600 "
    "FR5720041010050500013M02608 FR9720041010050000000343434 "
    "FR5920041010050000000121212 FR9720041010050000002222227",
    "ie": "IE29AIBK93115212345678 IE24AIBK93115212345671 IE02AIBK93115212345679 "
    "IE94AIBK93115212345672 IE51AIBK93115212345670 IE10AIBK93115200343434 "
    "IE69AIBK93115200121212 IE10AIBK93115202222227",
}


def _sepa_accounts() -> list[TestAccount]:
    return [
        TestAccount("sepa_debit", iban, f"pm_sepaDebit_{name}_{country}", **does)
        for country, ibans in _IBANS.items()
        for iban, (name, does) in zip(ibans.split(), _SCENARIOS.items(), strict=True)
    ]


def _us(number: str, name: str, **does: Any) -> TestAccount:
    does.setdefault("takes", SOON)
    return TestAccount("us_bank_account", number, f"pm_usBankAccount_{name}", **does)


ACCOUNTS: tuple[TestAccount, ...] = (
    *_sepa_accounts(),
    _us("000123456789", "success"),
    _us("000111111113", "accountClosed", decline=_CLOSED),
    _us("000111111116", "noAccount", decline=_NO_ACCOUNT),
    _us("000222222227", "insufficientFunds", decline=DEBIT_INSUFFICIENT_FUNDS),
    _us("000333333335", "debitNotAuthorized", decline=_NOT_AUTHORIZED),
    _us("000555555559", "dispute", dispute="fraudulent"),
    _us("000000000009", "processing", takes=NEVER),
    _us("000777777771", "weeklyLimitExceeded", decline=_OVER_AMOUNT),
    TestAccount("bacs_debit", "00012345", "pm_bacsDebit_success", takes=SOON),
    TestAccount("bacs_debit", "33333335", takes=SOON, decline=_NOT_AUTHORIZED),
    TestAccount("bacs_debit", "22222227", takes=SOON, decline=DEBIT_INSUFFICIENT_FUNDS),
    TestAccount("au_becs_debit", "000123456", "pm_auBecsDebit_success", takes=SOON),
    TestAccount("au_becs_debit", "111111113", takes=SOON, decline=_CLOSED),
    TestAccount("au_becs_debit", "222222227", takes=SOON, decline=DEBIT_FAILED),
)
# Paid on somebody else's page, or at once with what is saved there.
WALLETS: dict[str, TestAccount] = {
    "link": TestAccount("link", ""),
    **{
        type_: TestAccount(type_, "", authentication="unless_set_up")
        for type_ in ("paypal", "amazon_pay", "revolut_pay")
    },
}
# What a kind of account can be debited in; wallets take whatever comes.
CURRENCIES = {
    "sepa_debit": "eur",
    "us_bank_account": "usd",
    "bacs_debit": "gbp",
    "au_becs_debit": "aud",
}
TYPES = (*CURRENCIES, *WALLETS)

_BY_METHOD = {account.method_id: account for account in ACCOUNTS if account.method_id}
_BY_NUMBER = {(account.type, account.number): account for account in ACCOUNTS}


def account_of_method(method_id: str) -> TestAccount | None:
    """The account behind one of the reusable ids such as ``pm_usBankAccount_...``."""
    return _BY_METHOD.get(method_id)


def account(type_: str, number: str) -> TestAccount:
    """What a number of its kind does; one that is not on the table simply pays."""
    if type_ in WALLETS:
        return WALLETS[type_]
    if type_ not in CURRENCIES:
        return TestAccount(type_, "")
    known = _BY_NUMBER.get((type_, number))
    return known or TestAccount(type_, number, takes=SOON)


def read_iban(iban: str) -> str:
    """An IBAN without blanks; refuses one that cannot be."""
    plain = re.sub(r"\s", "", iban).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}", plain) or _mod97(plain) != 1:
        raise InvalidRequest(
            "The IBAN you provided is invalid.",
            code="invalid_bank_account_iban",
            param="sepa_debit[iban]",
        )
    for ending, code in (
        ("0000055555", "sepa_debit_bank_not_supported"),
        ("0000066666", "sepa_debit_debits_not_supported"),
        ("00055555", "sepa_debit_bank_not_supported"),
        ("00066666", "sepa_debit_debits_not_supported"),
    ):
        if plain.endswith(ending):
            raise InvalidRequest(
                "This bank account cannot be debited through SEPA.",
                code=code,
                param="sepa_debit[iban]",
            )
    return plain


def details(of: TestAccount, sent: Json) -> Json:
    """The block of a payment method that describes its account."""
    same = {"fingerprint": of.fingerprint, "last4": of.last4}
    match of.type:
        case "sepa_debit":
            return {
                **same,
                "bank_code": of.number[4:12],
                "branch_code": "",
                "country": of.number[:2],
                "generated_from": {"charge": None, "setup_attempt": None},
            }
        case "us_bank_account":
            return {
                **same,
                "account_holder_type": sent.get("account_holder_type", "individual"),
                "account_type": sent.get("account_type", "checking"),
                "bank_name": "STRIPE TEST BANK",
                "financial_connections_account": None,
                "networks": {"preferred": "ach", "supported": ["ach"]},
                "routing_number": sent.get("routing_number", "110000000"),
                "status_details": None,
            }
        case "bacs_debit":
            return {**same, "sort_code": sent.get("sort_code", "108800")}
        case "au_becs_debit":
            return {**same, "bsb_number": sent.get("bsb_number", "000000")}
        case "link":
            return {"email": sent.get("email"), "persistent_token": None}
        case "paypal":
            email = sent.get("email")
            return {"country": None, "payer_email": email, "payer_id": "PAYERSANDBOX"}
    return {}


def _mod97(iban: str) -> int:
    return int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97
