from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from .customers import Customer
from .mirrored import MirroredObject


class TaxID(MirroredObject):
    """A customer's tax number."""

    stripe_object: ClassVar[str] = "tax_id"

    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        null=True,
        on_delete=models.CASCADE,
        related_name="tax_ids",
    )
    type = models.CharField(_("type"), max_length=50, blank=True)

    class Meta(MirroredObject.Meta):
        verbose_name = _("tax ID")
        verbose_name_plural = _("tax IDs")

    def __str__(self) -> str:
        return self.data.get("value") or self.pk
