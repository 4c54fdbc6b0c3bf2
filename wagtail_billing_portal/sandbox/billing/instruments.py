"""What cards and bank accounts do when money is asked of them."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Any, Literal

from wagtail_billing_portal.sandbox.errors import CardDeclined

Authentication = Literal["never", "always", "unless_set_up", "on_session"]
Refunding = Literal["at_once", "later", "fails_later"]


@dataclasses.dataclass(frozen=True)
class Decline:
    """Why a bank said no, in Stripe's words."""

    code: str
    decline_code: str
    message: str

    def error(self, **extra: Any) -> CardDeclined:
        """The 402 that tells the caller."""
        return CardDeclined(self.code, self.decline_code, self.message, **extra)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Instrument:
    """One of Stripe's test numbers, and how it behaves.

    ``takes`` is how many seconds the bank needs until it says yes or no; none says
    it at once, and ``NEVER`` stays silent.
    """

    __test__ = False

    decline: Decline | None = None
    attaches: bool = True
    authentication: Authentication = "never"
    set_up: bool = False
    takes: int = 0
    refunding: Refunding = "at_once"
    dispute: str | None = None

    def needs_authentication(self, *, off_session: bool, set_up: bool) -> bool:
        """Whether the bank asks its customer before it pays."""
        if self.authentication == "always":
            return True
        if self.authentication == "never":
            return False
        return not off_session or not (set_up or self.set_up)


NEVER = -1


def fingerprint(number: str) -> str:
    """The same for the same number, whoever enters it."""
    return hashlib.sha256(number.encode()).hexdigest()[:16]


def declined(decline_code: str, message: str = "Your card was declined.") -> Decline:
    """A plain refusal."""
    return Decline("card_declined", decline_code, message)


GENERIC = declined("generic_decline")
INSUFFICIENT_FUNDS = declined("insufficient_funds", "Your card has insufficient funds.")
LOST = declined("lost_card")
STOLEN = declined("stolen_card")
EXPIRED = Decline("expired_card", "expired_card", "Your card has expired.")
INCORRECT_CVC = Decline(
    "incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect."
)
PROCESSING_ERROR = Decline(
    "processing_error",
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
)
VELOCITY = declined(
    "card_velocity_exceeded",
    "Your card was declined for making repeated attempts too frequently or "
    "exceeding its amount limit.",
)
BLOCKED = declined("fraudulent")
AUTHENTICATION_REQUIRED = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)
AUTHENTICATION_FAILED = Decline(
    "payment_intent_authentication_failure",
    "",
    "We are unable to authenticate your payment method. Please choose a different "
    "payment method and try again.",
)
SETUP_AUTHENTICATION_FAILED = Decline(
    "setup_intent_authentication_failure",
    "",
    "The latest attempt to set up the payment method has failed because "
    "authentication failed.",
)
NOT_A_TEST_CARD = declined(
    "test_mode_live_card",
    "Your card was declined. Your request was in test mode, but used a non test "
    "(live) card. For a list of valid test cards, visit: "
    "https://stripe.com/docs/testing.",
)
DEBIT_FAILED = Decline(
    "",
    "generic_decline",
    "The transaction can't be processed because your customer's account information "
    "is missing or incorrect.",
)
DEBIT_INSUFFICIENT_FUNDS = Decline(
    "insufficient_funds",
    "",
    "The customer's account has insufficient funds to cover this payment.",
)
