from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from .catalog import Price
from .subscriptions import Subscription, moment


class SubscriptionItem(models.Model):
    """One price of a subscription. Lives and is replaced with its subscription."""

    id = models.CharField(primary_key=True, max_length=255)
    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="items"
    )
    price = models.ForeignKey(
        Price, null=True, on_delete=models.SET_NULL, related_name="subscription_items"
    )
    quantity = models.PositiveBigIntegerField(_("quantity"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("subscription item")
        verbose_name_plural = _("subscription items")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.pk

    @property
    def is_metered(self) -> bool:
        """Whether its use is counted, and charged afterwards."""
        return self.price is not None and self.price.is_metered

    @property
    def currency(self) -> str:
        """What it is paid in: its subscription's, whatever else its price has."""
        own = self.price.currency if self.price else ""
        return self.subscription.currency or own

    @property
    def amount(self) -> int | None:
        """Minor units a period, before discounts; ``None``: as used, or not known."""
        if self.price is None:
            return None
        return self.price.amount_for(self.quantity or 0, self.currency)

    @property
    def current_period(self) -> tuple[datetime | None, datetime | None]:
        """From when to when it is charged together."""
        entries = (self.subscription.data.get("items") or {}).get("data") or []
        for entry in entries:
            if entry.get("id") == self.pk:
                start, end = entry["current_period_start"], entry["current_period_end"]
                return moment(start), moment(end)
        return None, None
