from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from .customers import Customer
from .mirrored import MirroredObject

# Cards name their brand in two spellings, ``brand`` and ``display_brand``.
BRANDS = {
    "american_express": "American Express",
    "amex": "American Express",
    "cartes_bancaires": "Cartes Bancaires",
    "diners": "Diners Club",
    "diners_club": "Diners Club",
    "discover": "Discover",
    "eftpos_au": "eftpos",
    "eftpos_australia": "eftpos",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "sepa_debit": "SEPA Direct Debit",
    "union_pay": "UnionPay",
    "unionpay": "UnionPay",
    "visa": "Visa",
}

#: Types that fetch the money from a bank account, which takes days.
DEBITS = (
    "acss_debit",
    "au_becs_debit",
    "bacs_debit",
    "nz_bank_account",
    "sepa_debit",
    "us_bank_account",
)


class PaymentMethod(MirroredObject):
    """How a customer pays: a card, a bank debit, a wallet."""

    stripe_object: ClassVar[str] = "payment_method"

    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="payment_methods",
    )
    type = models.CharField(_("type"), max_length=50, blank=True)

    class Meta(MirroredObject.Meta):
        verbose_name = _("payment method")
        verbose_name_plural = _("payment methods")

    def __str__(self) -> str:
        return self.label

    @property
    def is_debit(self) -> bool:
        return self.type in DEBITS

    @property
    def label(self) -> str:
        """ "Visa ending 4242"; for a type without digits, its own name."""
        details = self.data.get(self.type) or {}
        brand = details.get("display_brand") or details.get("brand") or self.type
        name = BRANDS.get(brand) or brand.replace("_", " ").capitalize()
        if not (last4 := details.get("last4")):
            return name or str(_("Payment method"))
        return str(_("%(brand)s ending %(last4)s") % {"brand": name, "last4": last4})
