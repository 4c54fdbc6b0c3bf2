from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from .customers import Customer
from .mirrored import MirroredObject


class EntitlementFeature(MirroredObject):
    """Something that products open to those who pay for them."""

    stripe_object: ClassVar[str] = "entitlements.feature"

    name = models.CharField(_("name"), max_length=255, blank=True)
    lookup_key = models.CharField(
        _("lookup key"), max_length=255, blank=True, db_index=True
    )
    active = models.BooleanField(_("active"), default=False)

    class Meta(MirroredObject.Meta):
        verbose_name = _("feature")
        verbose_name_plural = _("features")

    def __str__(self) -> str:
        return self.name or self.pk


class EntitlementSummary(MirroredObject):
    """All that a customer may use now. Stripe gives it no id: it has the customer's."""

    stripe_object: ClassVar[str] = "entitlements.active_entitlement_summary"

    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        null=True,
        on_delete=models.CASCADE,
        related_name="entitlement_summaries",
    )

    class Meta(MirroredObject.Meta):
        verbose_name = _("entitlement summary")
        verbose_name_plural = _("entitlement summaries")


class ActiveEntitlement(models.Model):
    """One feature that a customer may use. Lives and is replaced with its summary."""

    id = models.CharField(primary_key=True, max_length=255)
    summary = models.ForeignKey(
        EntitlementSummary, on_delete=models.CASCADE, related_name="entitlements"
    )
    feature = models.ForeignKey(
        EntitlementFeature,
        null=True,
        on_delete=models.SET_NULL,
        related_name="entitlements",
    )
    lookup_key = models.CharField(
        _("lookup key"), max_length=255, blank=True, db_index=True
    )

    class Meta:
        verbose_name = _("active entitlement")
        verbose_name_plural = _("active entitlements")

    def __str__(self) -> str:
        return self.lookup_key or self.pk
