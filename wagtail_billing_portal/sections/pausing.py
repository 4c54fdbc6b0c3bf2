"""Pausing and resuming: what it means, before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _

from ..accounts import BillingAccount
from ..actions.pausing import PausePreview, ResumePreview
from ..models import PauseLength, Subscription
from ..money import format_amount
from ..policies.hosted import may_pause_hosted
from .bills import bill_words
from .hosted_way import hosted_way
from .of_subscription import OfOneSubscription
from .subscription_card import price_of
from .words import date_words, length_words

#: The choice of a pause that nobody ends but the member.
OPEN = "open"


def lengths_of(account: BillingAccount) -> dict[str, PauseLength | None]:
    """What a member may choose, by the form's value; ``None``: until they resume."""
    settings = account.settings
    found = {str(length): length for length in settings.offered_pause_lengths}
    return {**found, OPEN: None} if settings.pause_without_end else found


def choices_of(account: BillingAccount, preview: PausePreview) -> list[tuple[str, str]]:
    """Those choices in words: "1 month, until 24 December 2026"."""
    lengths = lengths_of(account)
    return [(value, _choice_words(it, preview)) for value, it in lengths.items()]


def _choice_words(length: PauseLength | None, preview: PausePreview) -> str:
    if length is None:
        return _("Until you resume")
    words = {
        "length": length_words(length.interval, length.interval_count),
        "date": date_words(preview.ends(length)),
    }
    return _("%(length)s, until %(date)s") % words


class PauseSection(OfOneSubscription):
    """How long, what becomes of the time that is paid for, and what comes after."""

    template_name = "wagtail_billing_portal/sections/pause.html"

    def __init__(
        self,
        account: BillingAccount,
        subscription: Subscription,
        preview: PausePreview,
        form: Form,
    ) -> None:
        super().__init__(account, subscription)
        self.preview = preview
        self.form = form

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        settled = self.preview.settled
        context |= {
            "form": self.form,
            "is_full": self.preview.is_full,
            "credit": self._money(-settled.total) if settled.total < 0 else "",
            "debt": self._money(settled.total) if settled.total > 0 else "",
            "coming": self._coming(),
            "price": price_of(self.subscription),
            "is_paid_by_invoice": self.subscription.is_paid_by_invoice,
            **hosted_way(
                may_pause_hosted(self.account, self.subscription),
                "hosted_pause",
                self.subscription,
            ),
        }
        return context

    def _coming(self) -> str:
        """ "€12.00, on 24 December 2026"."""
        due = self.preview.coming.amount_due
        if due <= 0:
            return ""
        date = date_words(self.subscription.next_charge_at)
        words = {"amount": self._money(due), "date": date}
        return _("%(amount)s, on %(date)s") % words

    def _money(self, amount: int) -> str:
        return format_amount(amount, self.subscription.currency)


class ResumeSection(OfOneSubscription):
    """What is charged now, and what from then on."""

    template_name = "wagtail_billing_portal/sections/resume.html"

    def __init__(
        self,
        account: BillingAccount,
        subscription: Subscription,
        preview: ResumePreview,
        form: Form,
    ) -> None:
        super().__init__(account, subscription)
        self.preview = preview
        self.form = form

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        now, method = self.preview.now, self.subscription.payment_method
        due = now.amount_due if now else 0
        context |= {
            "form": self.form,
            "now": bill_words(now, self.subscription.currency) if now else None,
            "then_on": self.preview.then,
            "price": price_of(self.subscription),
            "method": method.label if method and due > 0 else "",
            "button": _("Pay %(amount)s and resume") % {"amount": self._money(due)}
            if due > 0
            else _("Resume"),
        }
        return context

    def _money(self, amount: int) -> str:
        return format_amount(amount, self.subscription.currency)
