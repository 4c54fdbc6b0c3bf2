from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..accounts import BillingAccount
from ..actions.figures import Bill
from ..models import RetentionOffer, Subscription
from ..models.portal_choices import OfferKind
from ..money import format_amount
from ..policies.subscriptions import cheaper_plan
from .base import address
from .cancel_step import CancelStepSection
from .discounts import lasts_words, saves_words
from .of_subscription import change_url
from .words import date_words, plan_words, price_words


class CancelOfferSection(CancelStepSection):
    """Between the reason and the end: one offer, and a plain way to go on."""

    template_name = "wagtail_billing_portal/sections/cancel_offer.html"

    def __init__(
        self,
        account: BillingAccount,
        subscription: Subscription,
        form: Form,
        offer: RetentionOffer,
        bill: Bill | None = None,
    ) -> None:
        super().__init__(account, subscription, form)
        self.offer = offer
        self.bill = bill

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        context |= {
            "text": self.offer.text,
            "words": self._words(),
            "take_url": self._take_url(),
            "go_on_url": address("cancel_confirm", self.subscription.pk),
        }
        return context

    def _words(self) -> str:
        kind = self.offer.kind
        if kind == OfferKind.FREE_MONTHS:
            months = self.offer.months or 1
            words = ngettext(
                "Stay, and the next month costs you nothing.",
                "Stay, and the next %(n)s months cost you nothing.",
                months,
            )
            return words % {"n": months}
        if kind == OfferKind.PAUSE:
            return _("You can pause instead. While it rests, nothing is charged.")
        if kind == OfferKind.CHEAPER_PLAN:
            return self._plan_words()
        return self._coupon_words()

    def _plan_words(self) -> str:
        change = cheaper_plan(self.account, self.subscription)
        if change is None or change.item is None:
            return ""
        words = {
            "plan": plan_words(change.price),
            "price": price_words(change.price, change.item.currency, change.quantity),
            "old": plan_words(change.price_before),
        }
        if len(self.subscription.items.all()) > 1:
            return _("Instead of %(old)s you can have %(plan)s, for %(price)s.") % words
        return _("You can switch to %(plan)s instead, for %(price)s.") % words

    def _coupon_words(self) -> str:
        if self.bill is None:
            return ""
        coupon, currency = self.offer.coupon, self.subscription.currency
        words = _(
            "Stay and get %(saving)s. Your next invoice, on %(date)s, is %(amount)s then."
        )
        return words % {
            "saving": f"{saves_words(coupon, currency)} {lasts_words(coupon)}".strip(),
            "date": date_words(self.subscription.next_charge_at),
            "amount": format_amount(self.bill.amount_due, currency),
        }

    def _take_url(self) -> str:
        """Where an offer is taken that is not a button's doing."""
        if self.offer.kind == OfferKind.PAUSE:
            there = address("pause", self.subscription.pk)
            return f"{there}?{urlencode({'offer': self.offer.pk})}"
        if self.offer.kind != OfferKind.CHEAPER_PLAN:
            return ""
        change = cheaper_plan(self.account, self.subscription)
        if change is None:
            return address("change", self.subscription.pk)
        return change_url(self.subscription, **change.as_words(), offer=self.offer.pk)
