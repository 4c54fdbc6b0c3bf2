from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .customers import Customer
from .mirrored import MirroredObject, MirroredQuerySet
from .subscriptions import Subscription


class Coupon(MirroredObject):
    """What is taken off, and for how long."""

    stripe_object: ClassVar[str] = "coupon"

    name = models.CharField(_("name"), max_length=255, blank=True)
    valid = models.BooleanField(_("valid"), default=False)

    class Meta(MirroredObject.Meta):
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")

    def __str__(self) -> str:
        return self.name or self.pk

    @property
    def products(self) -> list[str]:
        """The ids of the products it applies to; empty where it applies to all."""
        return (self.on_request.get("applies_to") or {}).get("products") or []

    def amount_off_in(self, currency: str) -> int | None:
        """Minor units that it takes off in a currency; ``None`` where it is a share."""
        amount: int | None = self.data.get("amount_off")
        if self.data.get("currency") == currency:
            return amount
        options = self.on_request.get("currency_options") or {}
        amount = (options.get(currency) or {}).get("amount_off")
        return amount

    def counts_in(self, currency: str) -> bool:
        """Whether it takes anything off what is paid in a currency."""
        is_share = bool(self.data.get("percent_off"))
        return is_share or self.amount_off_in(currency) is not None

    def taken_off(self, amount: int, currency: str) -> Decimal | None:
        """What it takes off ``amount``, with fractions; ``None`` where unknown here."""
        if percent := self.data.get("percent_off"):
            return Decimal(str(percent)) * amount / 100
        off = self.amount_off_in(currency)
        return None if off is None else Decimal(min(off, amount))


class PromotionCodeQuerySet(MirroredQuerySet):
    """Queries that members' pages ask."""

    def redeemable(self) -> Self:
        """Those that Stripe would take now, as far as the code itself is concerned."""
        return (
            self.existing()
            .filter(active=True)
            .filter(
                models.Q(expires_at=None) | models.Q(expires_at__gt=timezone.now()),
            )
        )


class PromotionCode(MirroredObject):
    """What a member types in to get a coupon."""

    stripe_object: ClassVar[str] = "promotion_code"

    code = models.CharField(_("code"), max_length=500, blank=True, db_index=True)
    active = models.BooleanField(_("active"), default=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    coupon = models.ForeignKey(
        Coupon,
        verbose_name=_("coupon"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="promotion_codes",
    )
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="promotion_codes",
    )

    objects: ClassVar[Any] = PromotionCodeQuerySet.as_manager()

    class Meta(MirroredObject.Meta):
        verbose_name = _("promotion code")
        verbose_name_plural = _("promotion codes")

    def __str__(self) -> str:
        return self.code or self.pk

    @property
    def is_redeemable(self) -> bool:
        """Twin of ``redeemable()``."""
        is_known = self.deleted_at is None and not self.is_stub
        is_over = self.expires_at is not None and self.expires_at <= timezone.now()
        return is_known and self.active and not is_over


class Discount(MirroredObject):
    """A coupon at work: on a customer, or on a subscription."""

    stripe_object: ClassVar[str] = "discount"

    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="discounts",
    )
    subscription = models.ForeignKey(
        Subscription,
        verbose_name=_("subscription"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="discounts",
    )
    coupon = models.ForeignKey(
        Coupon,
        verbose_name=_("coupon"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="discounts",
    )
    promotion_code = models.ForeignKey(
        PromotionCode,
        verbose_name=_("promotion code"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="discounts",
    )
    end = models.DateTimeField(_("ends"), null=True, blank=True)

    class Meta(MirroredObject.Meta):
        verbose_name = _("discount")
        verbose_name_plural = _("discounts")

    def lasts_until(self, at: datetime) -> bool:
        """Whether it still counts on an invoice of that moment."""
        return self.end is None or self.end > at
