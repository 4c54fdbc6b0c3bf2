"""Asking for a card on a page, and what to show when it is refused."""

from __future__ import annotations

from typing import Any

from babel.core import get_global
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from django.utils.translation.trans_real import parse_accept_lang_header

from wagtail_billing_portal.sandbox.billing.outcomes import Declined
from wagtail_billing_portal.sandbox.forms import AccountForm, CardForm
from wagtail_billing_portal.sandbox.pages.money import babel_locale
from wagtail_billing_portal.sandbox.pages.practice_cards import (
    PRACTICE_CARDS,
    practice_card,
)

# What a payer reads who comes back from the bank's page.
CAME_BACK = {
    "authentication": gettext_lazy("Your bank could not confirm that it was you."),
    "card": gettext_lazy("Your card was declined."),
}


def card_form(
    request: HttpRequest,
    *,
    now: int,
    holder: dict[str, Any] | None = None,
    bound: bool = True,
) -> CardForm:
    """An empty card, a practice card from the list, or what was posted.

    ``holder`` is the customer, when one is known: it spares typing. A form that is
    not ``bound`` stays empty, whatever was posted.
    """
    if request.method == "POST" and bound:
        return CardForm(request.POST, now=now)
    known = holder or {}
    initial = {
        "name": known.get("name") or "",
        "country": (known.get("address") or {}).get("country")
        or likely_country(request),
    }
    if chosen := practice_card(request.GET.get("card")):
        initial |= chosen.form_values
    return CardForm(initial=initial, now=now)


def likely_country(request: HttpRequest) -> str:
    """Where the browser says it is, else where the language is mostly read."""
    for language, _ in parse_accept_lang_header(
        request.headers.get("accept-language", "")
    ):
        _, _, region = language.partition("-")
        if len(region) == 2 and region.isalpha():
            return region.upper()
    likely = get_global("likely_subtags").get(str(babel_locale()), "")
    return babel_locale().territory or likely.rpartition("_")[2]


def asking(
    request: HttpRequest, *asked: forms.Form, refusal: str = ""
) -> dict[str, Any]:
    """The context of a page with forms: what went wrong, and cards to try."""
    if request.method != "POST":
        refusal = str(CAME_BACK.get(request.GET.get("refused", ""), ""))
    wrong = any(form.is_bound and form.errors for form in asked)
    return {
        "refusal": refusal,
        "forms": asked,
        "has_errors": bool(refusal) or wrong,
        "card_was_typed": any(isinstance(form, CardForm) for form in asked),
        "test_cards": PRACTICE_CARDS,
        "paid_by_card": all(not isinstance(form, AccountForm) for form in asked),
    }


def refusal_text(refused: Declined) -> str:
    """What the bank said, in the reader's language."""
    return gettext(refused.message)


_BANKS_SAY = (
    gettext_noop("Your card was declined."),
    gettext_noop("Your card has insufficient funds."),
    gettext_noop("Your card has expired."),
    gettext_noop("Your card's security code is incorrect."),
    gettext_noop(
        "An error occurred while processing your card. Try again in a little bit."
    ),
    gettext_noop(
        "We are unable to authenticate your payment method. Please choose a different "
        "payment method and try again."
    ),
)
