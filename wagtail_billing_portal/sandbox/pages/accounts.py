"""What a page says of the ways to pay other than a card."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from wagtail_billing_portal.sandbox.billing import banks
from wagtail_billing_portal.sandbox.forms import AccountForm
from wagtail_billing_portal.sandbox.pages.practice_cards import (
    PRACTICE_ACCOUNTS,
    PracticeAccount,
)
from wagtail_billing_portal.sandbox.pages.words import kind_label


@dataclass(frozen=True)
class AccountBlock:
    """The fields of one kind of account, and what is to be known of it."""

    form: AccountForm
    says: str
    practice: list[PracticeAccount]


def block_of(form: AccountForm, *, seller: str) -> AccountBlock:
    """A form as the page shows it."""
    practice = [one for one in PRACTICE_ACCOUNTS if one.kind == form.kind]
    return AccountBlock(form, promise_of(form.kind, seller), practice)


def promise_of(kind: str, seller: str) -> str:
    """What it means to go on with a kind of account."""
    names = {"seller": seller, "kind": kind_label(kind)}
    if kind in banks.CURRENCIES:
        return (
            gettext(
                "You allow %(seller)s to debit this account, now and for later payments "
                "that you agree to. It takes a few days until the money arrives."
            )
            % names
        )
    if kind == "link":
        return gettext("You pay with what is saved at %(kind)s.") % names
    return gettext("You agree to it at %(kind)s, on the next page.") % names
