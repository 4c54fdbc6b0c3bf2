"""The test cards: what each of Stripe's well-known numbers does."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

from wagtail_billing_portal.sandbox.billing.instruments import (
    BLOCKED,
    EXPIRED,
    GENERIC,
    INCORRECT_CVC,
    INSUFFICIENT_FUNDS,
    LOST,
    NOT_A_TEST_CARD,
    PROCESSING_ERROR,
    STOLEN,
    VELOCITY,
    Authentication,
    Decline,
    Instrument,
    fingerprint,
)
from wagtail_billing_portal.sandbox.errors import CardDeclined


@dataclasses.dataclass(frozen=True)
class TestCard(Instrument):
    """One number of the table."""

    number: str
    method_id: str
    brand: str = "visa"
    funding: str = "credit"
    country: str = "US"
    other_brand: str | None = None
    cvc_check: str = "pass"

    @property
    def token(self) -> str:
        """Its twin for ``card[token]``."""
        return "tok_" + self.method_id.removeprefix("pm_card_")

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def brands(self) -> list[str]:
        """The networks that can carry a payment, the card's own first."""
        return [brand for brand in (self.brand, self.other_brand) if brand]

    @property
    def display_brand(self) -> str:
        names = {"amex": "american_express", "diners": "diners_club"}
        return names.get(self.brand, self.brand)

    @property
    def fingerprint(self) -> str:
        """The same for the same number, whoever enters it."""
        return fingerprint(self.number)


def _refused(number: str, name: str, decline: Decline) -> TestCard:
    return TestCard(number, f"pm_card_{name}", decline=decline, attaches=False)


def _asks(number: str, name: str, authentication: Authentication) -> TestCard:
    return TestCard(
        number, f"pm_card_{name}", country="DE", authentication=authentication
    )


def _co_badged(number: str, brand: str) -> TestCard:
    return TestCard(
        number,
        f"pm_card_{brand}_cartesBancaires",
        brand,
        country="FR",
        other_brand="cartes_bancaires",
    )


CARDS: tuple[TestCard, ...] = (
    TestCard("4242424242424242", "pm_card_visa"),
    TestCard("4000056655665556", "pm_card_visa_debit", funding="debit"),
    TestCard("5555555555554444", "pm_card_mastercard", "mastercard"),
    TestCard(
        "5200828282828210", "pm_card_mastercard_debit", "mastercard", funding="debit"
    ),
    TestCard(
        "5105105105105100",
        "pm_card_mastercard_prepaid",
        "mastercard",
        funding="prepaid",
    ),
    TestCard("378282246310005", "pm_card_amex", "amex"),
    TestCard("6011111111111117", "pm_card_discover", "discover"),
    TestCard("3056930009020004", "pm_card_diners", "diners"),
    TestCard("3566002020360505", "pm_card_jcb", "jcb"),
    TestCard("6200000000000005", "pm_card_unionpay", "unionpay"),
    TestCard("4000008260000000", "pm_card_gb", country="GB"),
    TestCard("4000002760000016", "pm_card_de", country="DE"),
    TestCard("4000002500000003", "pm_card_fr", country="FR"),
    TestCard("5200828282828210", "pm_card_mastercard_debit", "mastercard", "debit"),
    TestCard("5105105105105100", "pm_card_mastercard_prepaid", "mastercard", "prepaid"),
    _co_badged("4000002500001001", "visa"),
    _co_badged("5555552500001001", "mastercard"),
    TestCard("4000000000000077", "pm_card_bypassPending"),
    TestCard("4000000000000101", "pm_card_cvcCheckFail", cvc_check="fail"),
    TestCard("4000000000007726", "pm_card_pendingRefund", refunding="later"),
    TestCard("4000000000005126", "pm_card_refundFail", refunding="fails_later"),
    TestCard("4000000000000259", "pm_card_createDispute", dispute="fraudulent"),
    TestCard(
        "4000000000002685",
        "pm_card_createDisputeProductNotReceived",
        dispute="product_not_received",
    ),
    TestCard("4000000000001976", "pm_card_createDisputeInquiry", dispute="inquiry"),
    _refused("4000000000000002", "visa_chargeDeclined", GENERIC),
    _refused(
        "4000000000009995",
        "visa_chargeDeclinedInsufficientFunds",
        INSUFFICIENT_FUNDS,
    ),
    _refused("4000000000009987", "visa_chargeDeclinedLostCard", LOST),
    _refused("4000000000009979", "visa_chargeDeclinedStolenCard", STOLEN),
    _refused("4000000000000069", "chargeDeclinedExpiredCard", EXPIRED),
    _refused("4000000000000127", "chargeDeclinedIncorrectCvc", INCORRECT_CVC),
    _refused("4000000000000119", "chargeDeclinedProcessingError", PROCESSING_ERROR),
    _refused("4000000000006975", "visa_chargeDeclinedVelocityLimitExceeded", VELOCITY),
    TestCard("4100000000000019", "pm_card_radarBlock", decline=BLOCKED),
    TestCard("4000000000000341", "pm_card_chargeCustomerFail", decline=GENERIC),
    _asks("4000002760003184", "authenticationRequired", "always"),
    _asks("4000002500003155", "authenticationRequiredOnSetup", "unless_set_up"),
    TestCard(
        "4000003800000446",
        "pm_card_authenticationRequiredSetupForOffSession",
        authentication="on_session",
        set_up=True,
    ),
    TestCard(
        "4000008260003178",
        "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
        decline=INSUFFICIENT_FUNDS,
        authentication="unless_set_up",
    ),
    TestCard(
        "4000008400001629",
        "pm_card_threeDSecureRequiredChargeDeclined",
        decline=GENERIC,
        authentication="unless_set_up",
    ),
    _asks("4000000000003220", "threeDSecure2Required", "unless_set_up"),
)

_ALIASES = {
    "pm_card_chargeDeclined": "pm_card_visa_chargeDeclined",
    "pm_card_chargeDeclinedInsufficientFunds": (
        "pm_card_visa_chargeDeclinedInsufficientFunds"
    ),
    "pm_card_threeDSecureRequired": "pm_card_threeDSecure2Required",
}
_BY_NUMBER = {card.number: card for card in CARDS}
_BY_METHOD = {card.method_id: card for card in CARDS}
_BY_TOKEN = {card.token: card for card in CARDS}


def card_of_method(method_id: str) -> TestCard | None:
    """The card behind one of the reusable ``pm_card_...`` ids."""
    return _BY_METHOD.get(_ALIASES.get(method_id, method_id))


def card_of_token(token: str) -> TestCard | None:
    """The card behind one of the reusable ``tok_...`` ids."""
    alias = _ALIASES.get("pm_card_" + token.removeprefix("tok_"))
    return _BY_METHOD[alias] if alias else _BY_TOKEN.get(token)


def card_of_number(number: str) -> TestCard:
    """The card with this number; refuses what is none, as Stripe does."""
    digits = re.sub(r"[\s-]", "", number)
    if not _passes_luhn(digits):
        raise CardDeclined(
            "incorrect_number", None, "Your card number is incorrect.", param="number"
        )
    if digits not in _BY_NUMBER:
        raise NOT_A_TEST_CARD.error()
    return _BY_NUMBER[digits]


def check_details(*, exp_month: int, exp_year: int, cvc: str | None, now: int) -> None:
    """Refuse a date in the past or a security code that cannot be one."""
    if not 1 <= exp_month <= 12:
        raise _invalid("exp_month", "month", "expiration month")
    today = dt.datetime.fromtimestamp(now, tz=dt.UTC)
    if (exp_year, exp_month) < (today.year, today.month):
        raise _invalid("exp_year", "year", "expiration year")
    if cvc is not None and not re.fullmatch(r"\d{3,4}", cvc):
        raise CardDeclined(
            "invalid_cvc", None, "Your card's security code is invalid.", param="cvc"
        )


def _invalid(param: str, part: str, name: str) -> CardDeclined:
    return CardDeclined(
        f"invalid_expiry_{part}", None, f"Your card's {name} is invalid.", param=param
    )


def _passes_luhn(digits: str) -> bool:
    if not re.fullmatch(r"\d{12,19}", digits):
        return False
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
