from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..money import format_amount
from .mirrored import MirroredObject
from .tiers import Tier, costs_of, exactly, tiers_from


class Product(MirroredObject):
    """What is sold: a plan, by its name and what it brings."""

    stripe_object: ClassVar[str] = "product"

    name = models.CharField(_("name"), max_length=255, blank=True)
    active = models.BooleanField(_("active"), default=False)

    class Meta(MirroredObject.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def __str__(self) -> str:
        return self.name or self.pk

    @property
    def description(self) -> str:
        return self.data.get("description") or ""

    @property
    def unit_label(self) -> str:
        """What one of them is called: "call" where a call is what is counted."""
        return self.data.get("unit_label") or ""

    @property
    def marketing_features(self) -> list[str]:
        """The lines that Stripe shows on its own pricing table."""
        features = self.data.get("marketing_features") or []
        return [name for feature in features if (name := feature.get("name"))]


class Price(MirroredObject):
    """What a product costs: an amount, a currency, an interval."""

    stripe_object: ClassVar[str] = "price"

    product = models.ForeignKey(
        Product,
        verbose_name=_("product"),
        null=True,
        on_delete=models.CASCADE,
        related_name="prices",
    )
    active = models.BooleanField(_("active"), default=False)
    type = models.CharField(_("type"), max_length=50, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    unit_amount = models.BigIntegerField(
        _("amount"), null=True, blank=True, help_text=_("In the currency's minor unit.")
    )
    interval = models.CharField(_("interval"), max_length=20, blank=True)
    interval_count = models.PositiveSmallIntegerField(_("interval count"), default=1)

    class Meta(MirroredObject.Meta):
        verbose_name = _("price")
        verbose_name_plural = _("prices")

    def __str__(self) -> str:
        return self.label

    @property
    def is_recurring(self) -> bool:
        return self.type == "recurring"

    @property
    def period(self) -> tuple[str, int]:
        """Unit and number: ``("month", 3)`` for what is charged each quarter."""
        return self.interval, self.interval_count

    @property
    def is_metered(self) -> bool:
        """Whether what is used is counted and charged afterwards."""
        return (self.data.get("recurring") or {}).get("usage_type") == "metered"

    @property
    def is_for_sale(self) -> bool:
        """Whether somebody can begin to pay it now."""
        product = self.product
        return (
            self.active
            and self.deleted_at is None
            and product is not None
            and product.active
            and product.deleted_at is None
        )

    @property
    def tax_behavior(self) -> str:
        """``inclusive``, ``exclusive`` or ``unspecified``."""
        return self.data.get("tax_behavior") or "unspecified"

    @property
    def tiers(self) -> list[dict[str, Any]]:
        """What each step costs, lowest first; empty for one amount a unit."""
        return self.on_request.get("tiers") or []

    @property
    def is_by_volume(self) -> bool:
        """Whether all units cost what the last one does, instead of each its own."""
        return bool(self.data.get("tiers_mode") == "volume")

    @property
    def has_tiers(self) -> bool:
        return bool(self.data.get("billing_scheme") == "tiered")

    @property
    def packing(self) -> dict[str, Any] | None:
        """By how many it is sold (``divide_by``), and what becomes of a rest."""
        return self.data.get("transform_quantity") or None

    def tiers_in(self, currency: str) -> list[Tier]:
        """Its steps in one of its currencies; empty where the mirror has none."""
        if currency == self.currency:
            return tiers_from(self.tiers)
        return tiers_from(self.currency_options.get(currency, {}).get("tiers") or [])

    def unit_amount_in(self, currency: str) -> Decimal | None:
        """Minor units for one, or for one package, with their fractions."""
        if currency == self.currency:
            return exactly({"unit_amount": self.unit_amount} | self.data, "unit_amount")
        return exactly(self.currency_options.get(currency, {}), "unit_amount")

    @property
    def currency_options(self) -> dict[str, dict[str, Any]]:
        """The amounts in each currency, by its code."""
        return self.on_request.get("currency_options") or {}

    def is_sold_in(self, currency: str) -> bool:
        """Whether Stripe charges it in ``currency``, as far as the mirror knows."""
        return currency in {self.currency, *self.currency_options}

    def tax_behavior_in(self, currency: str) -> str:
        """The same as ``tax_behavior``, which may differ from currency to currency."""
        if currency == self.currency:
            return self.tax_behavior
        option = self.currency_options.get(currency, {})
        return option.get("tax_behavior") or "unspecified"

    def amount_for(self, quantity: int, currency: str) -> int | None:
        """Minor units of ``currency`` for so many, as Stripe reckons.

        ``None`` where it depends on use, on fractions of the minor unit, or where the
        mirror has no amount in that currency.
        """
        costs = [] if self.is_metered else self._costs_of(quantity, currency)
        # Stripe rounds each of them by itself.
        if not costs or any(cost != cost.to_integral_value() for cost in costs):
            return None
        return int(sum(costs))

    def _costs_of(self, quantity: int, currency: str) -> list[Decimal]:
        if tiers := self.tiers_in(currency):
            return costs_of(tiers, Decimal(quantity), by_volume=self.is_by_volume)
        if (each := self.unit_amount_in(currency)) is None:
            return []
        if packing := self.packing:
            whole, rest = divmod(quantity, packing["divide_by"])
            quantity = whole + bool(rest and packing["round"] == "up")
        return [each * quantity]

    @property
    def amount_label(self) -> str:
        """The amount in its own currency, in the active language: "€12.00"."""
        if self.unit_amount is None or self.is_metered:
            return str(_("by usage"))
        return format_amount(self.unit_amount, self.currency)

    @property
    def interval_label(self) -> str:
        """How often it is charged, "a month", "every 3 months"."""
        return interval_words(self.interval, self.interval_count)

    @property
    def label(self) -> str:
        """Product, amount and interval in one line, as editors choose by."""
        name = self.product.name if self.product else self.pk
        return f"{name} · {self.amount_label} {self.interval_label}".strip()


def interval_words(interval: str, count: int) -> str:
    """ "a month", "every 3 months"; empty for a price that is charged once."""
    if count == 1:
        return str(ONE_INTERVAL.get(interval, ""))
    match interval:
        case "day":
            words = ngettext("every %(n)s day", "every %(n)s days", count)
        case "week":
            words = ngettext("every %(n)s week", "every %(n)s weeks", count)
        case "month":
            words = ngettext("every %(n)s month", "every %(n)s months", count)
        case "year":
            words = ngettext("every %(n)s year", "every %(n)s years", count)
        case _other:
            return ""
    return words % {"n": count}


ONE_INTERVAL = {
    "day": _("a day"),
    "week": _("a week"),
    "month": _("a month"),
    "year": _("a year"),
}
