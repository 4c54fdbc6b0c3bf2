"""The frame in which Stripe.js has card data typed, on whichever site."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from wagtail_billing_portal.sandbox.conf import conf
from wagtail_billing_portal.sandbox.forms import account_form_class
from wagtail_billing_portal.sandbox.forms.base import countries
from wagtail_billing_portal.sandbox.pages.accounts import promise_of
from wagtail_billing_portal.sandbox.pages.cards import likely_country
from wagtail_billing_portal.sandbox.pages.frame import (
    ANY_SITE,
    content_security_policy,
    framed_page,
    page,
    spoken,
    unknown_page,
)
from wagtail_billing_portal.sandbox.pages.practice_cards import (
    PRACTICE_ACCOUNTS,
    PRACTICE_CARDS,
)
from wagtail_billing_portal.sandbox.pages.seller import seller_name
from wagtail_billing_portal.sandbox.pages.words import BRANDS, kind_label

Text = Any
CARD = "card"
SELLER = "{business}"


@dataclass(frozen=True)
class Input:
    """One field, by the name that Stripe's API has for it."""

    name: str
    label: Text
    hint: str = "off"
    mode: str = "text"
    help: Text = ""
    half: bool = False
    choices: str = ""

    @property
    def is_left_to_right(self) -> bool:
        """Whether it holds signs that are written so in every language."""
        return self.name not in ("name", "country")


@dataclass(frozen=True)
class Practice:
    """A card or an account to try."""

    number: str
    does: Text
    values: dict[str, str]

    @property
    def typed(self) -> str:
        """What its button types, for the script."""
        return json.dumps(self.values)


@dataclass(frozen=True)
class Kind:
    """A way to pay and what has to be typed for it."""

    name: str
    fields: tuple[Input, ...] = ()

    @property
    def label(self) -> str:
        """What people call it."""
        return kind_label(self.name)

    @property
    def promise(self) -> str:
        """What it means to go on, for a seller whose name the script knows."""
        return "" if self.name == CARD else promise_of(self.name, SELLER)

    @property
    def practice(self) -> list[Practice]:
        """What to try, and what it does."""
        if self.name == CARD:
            return [
                Practice(it.spaced, it.does, it.form_values) for it in PRACTICE_CARDS
            ]
        parts = account_form_class(self.name).parts
        return [
            Practice(
                it.number,
                it.does,
                {parts[name]: value for name, value in it.form_values.items()},
            )
            for it in PRACTICE_ACCOUNTS
            if it.kind == self.name
        ]


_ACCOUNT = Input("account_number", _("Account number"), mode="numeric")
_EMAIL = Input("email", _("E-mail address"), "email", "email")
_HOLDER = Input("name", _("Account holder"), "name")


def _debit(name: str, *numbers: Input) -> Kind:
    return Kind(name, (*numbers, _HOLDER, _EMAIL))


def _bank(name: str, label: Text) -> Input:
    return Input(name, label, mode="numeric")


KINDS = (
    Kind(
        "card",
        (
            Input(
                "number",
                _("Card number"),
                mode="numeric",
                help=_("A test card from the list. Never a real one."),
            ),
            Input("expiry", _("Expiry date"), help=_("MM/YY"), half=True),
            Input(
                "cvc",
                _("Security code"),
                mode="numeric",
                help=_("3 or 4 digits"),
                half=True,
            ),
            Input("country", _("Country"), "billing country", choices="countries"),
        ),
    ),
    Kind("link", (_EMAIL,)),
    _debit("sepa_debit", Input("iban", _("IBAN"))),
    _debit("us_bank_account", _bank("routing_number", _("Routing number")), _ACCOUNT),
    _debit("bacs_debit", _bank("sort_code", _("Sort code")), _ACCOUNT),
    _debit("au_becs_debit", _bank("bsb_number", _("BSB number")), _ACCOUNT),
    Kind("paypal"),
    Kind("amazon_pay"),
    Kind("revolut_pay"),
)
_DIGITS = gettext_lazy("This card's security code has %(length)s digits.")


def problems() -> dict[str, tuple[str, Text]]:
    """What is said of each mistake, after the code that Stripe has for it."""
    return {
        "nothing": ("incomplete_payment_details", _("Choose how to pay.")),
        "empty_number": ("incomplete_number", _("Enter the card number.")),
        "incomplete_number": (
            "incomplete_number",
            _("A card number has 12 to 19 digits."),
        ),
        "invalid_number": (
            "invalid_number",
            _("This card number has a typing mistake in it."),
        ),
        "empty_expiry": ("incomplete_expiry", _("Enter the expiry date as MM/YY.")),
        "incomplete_expiry": (
            "incomplete_expiry",
            _("Enter the expiry date as MM/YY, such as 04/30."),
        ),
        "invalid_expiry_year_past": (
            "invalid_expiry_year_past",
            _("This card expired in the past."),
        ),
        "invalid_expiry_year": (
            "invalid_expiry_year",
            _("This expiry year is too far in the future."),
        ),
        "empty_cvc": ("incomplete_cvc", _("Enter the security code.")),
        "cvc_3": ("incomplete_cvc", _DIGITS % {"length": 3}),
        "cvc_4": ("incomplete_cvc", _DIGITS % {"length": 4}),
        "empty_country": ("incomplete_country", _("Choose a country.")),
        "empty_name": ("incomplete_name", _("Enter the name of the account holder.")),
        "empty_email": ("incomplete_email", _("Enter an e-mail address.")),
        "invalid_email": (
            "invalid_email",
            _("Enter an e-mail address such as name@example.com."),
        ),
        "empty_iban": ("incomplete_iban", _("Enter the IBAN.")),
        "invalid_iban": ("invalid_iban", _("This IBAN has a typing mistake in it.")),
        "empty_account_number": (
            "incomplete_account_number",
            _("Enter the account number."),
        ),
        "empty_routing_number": (
            "incomplete_routing_number",
            _("Enter the routing number."),
        ),
        "empty_sort_code": ("incomplete_sort_code", _("Enter the sort code.")),
        "empty_bsb_number": ("incomplete_bsb_number", _("Enter the BSB number.")),
    }


@framed_page
def payment_frame(request: HttpRequest) -> HttpResponse:
    """The payment element; which of its parts are shown its script finds out."""
    with spoken(request, request.GET.get("locale")):
        if not conf.is_open:
            return unknown_page(request)
        response = page(
            request,
            "elements",
            {
                "kinds": KINDS,
                "countries": countries(),
                "country": likely_country(request),
                "texts": _texts(),
            },
        )
    response.headers["Content-Security-Policy"] = content_security_policy(
        ancestors=ANY_SITE, scripts="'self'", connects="'self'"
    )
    return response


def _texts() -> dict[str, Any]:
    """What the frame's script says by itself."""
    return {
        "another": gettext("Another way to pay"),
        "brands": BRANDS,
        "business": seller_name(),
        "ending": gettext("%(brand)s ending %(last4)s")
        % {"brand": "{brand}", "last4": "{last4}"},
        "kinds": {kind.name: kind.label for kind in KINDS},
        "problems": problems(),
        "unreachable": gettext("Stripe could not be reached. Try again."),
    }
