from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from .customers import Customer
from .invoices import Invoice
from .mirrored import MirroredObject


class InvoicePayment(MirroredObject):
    """A payment towards an invoice. Stripe tells of those that were paid."""

    stripe_object: ClassVar[str] = "invoice_payment"

    invoice = models.ForeignKey(
        Invoice,
        verbose_name=_("invoice"),
        null=True,
        on_delete=models.CASCADE,
        related_name="payments",
    )
    status = models.CharField(_("status"), max_length=50, blank=True)
    payment_intent = models.CharField(
        _("payment"), max_length=255, blank=True, db_index=True
    )

    class Meta(MirroredObject.Meta):
        verbose_name = _("invoice payment")
        verbose_name_plural = _("invoice payments")


class CreditNote(MirroredObject):
    """Lowers an invoice that was issued."""

    stripe_object: ClassVar[str] = "credit_note"

    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        null=True,
        on_delete=models.CASCADE,
        related_name="credit_notes",
    )
    invoice = models.ForeignKey(
        Invoice,
        verbose_name=_("invoice"),
        null=True,
        on_delete=models.CASCADE,
        related_name="credit_notes",
    )
    status = models.CharField(_("status"), max_length=50, blank=True)
    number = models.CharField(_("number"), max_length=255, blank=True)
    created = models.DateTimeField(_("date"), null=True, blank=True)

    class Meta(MirroredObject.Meta):
        verbose_name = _("credit note")
        verbose_name_plural = _("credit notes")

    def __str__(self) -> str:
        return self.number or self.pk


class Refund(MirroredObject):
    """Money given back. Belongs to the invoice payment of the same ``payment_intent``."""

    stripe_object: ClassVar[str] = "refund"

    payment_intent = models.CharField(
        _("payment"), max_length=255, blank=True, db_index=True
    )
    status = models.CharField(_("status"), max_length=50, blank=True)
    created = models.DateTimeField(_("date"), null=True, blank=True)

    class Meta(MirroredObject.Meta):
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
