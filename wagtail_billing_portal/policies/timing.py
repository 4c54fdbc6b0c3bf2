"""A member's wish to have something else, and when it comes true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..models import (
    PortalSettings,
    Price,
    Proration,
    Subscription,
    SubscriptionItem,
)

DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


@dataclass(frozen=True)
class Change:
    """One item with another price or quantity, one item more, or one less."""

    #: What is changed or taken away; ``None``: something is added.
    item: SubscriptionItem | None
    #: What there will be; ``None``: the item is taken away.
    price: Price | None
    quantity: int = 1

    @property
    def is_removal(self) -> bool:
        return self.price is None

    @property
    def is_addition(self) -> bool:
        return self.item is None

    @property
    def price_before(self) -> Price | None:
        """What is there now; ``None`` for something added."""
        return self.item.price if self.item else None

    @property
    def is_of_quantity(self) -> bool:
        """Whether the plan stays, and only how many of it changes."""
        return (
            self.item is not None
            and self.price is not None
            and self.item.price_id == self.price.pk
        )

    @property
    def restarts(self) -> bool:
        """Whether another interval begins a period of its own."""
        old, new = self.price_before, self.price
        return old is not None and new is not None and old.period != new.period

    @property
    def params(self) -> list[dict[str, Any]]:
        """The change as ``items`` of Stripe's update and preview."""
        if self.price is None:
            return [{"id": self.item.pk, "deleted": True}] if self.item else []
        wanted: dict[str, Any] = {"price": self.price.pk}
        if not self.price.is_metered:
            wanted["quantity"] = self.quantity
        return [{"id": self.item.pk, **wanted} if self.item else wanted]

    def as_words(self) -> dict[str, Any]:
        """Names the change, to sign it and to know it again."""
        return {
            "item": self.item.pk if self.item else "",
            "price": self.price.pk if self.price else "",
            "quantity": self.quantity,
        }


def waits(settings: PortalSettings, subscription: Subscription, change: Change) -> bool:
    """Whether it comes with the end of the period instead of at once."""
    # Nothing has been paid yet that could be used up first.
    if subscription.status == "trialing" or change.is_addition:
        return False
    old = change.price_before
    if old is None or old.is_metered:
        return False
    if change.price is None:
        return settings.wait_if_cheaper
    if change.restarts:
        is_shorter = length_of(change.price) < length_of(old)
        return is_shorter and settings.wait_if_shorter
    paid_in = subscription.currency or old.currency
    before = old.amount_for((change.item and change.item.quantity) or 1, paid_in)
    after = change.price.amount_for(change.quantity, paid_in)
    is_less = before is not None and after is not None and after < before
    if change.is_of_quantity:
        return is_less and settings.wait_if_fewer
    return is_less and settings.wait_if_cheaper


def comes_at(subscription: Subscription, change: Change) -> datetime | None:
    """When a change comes that waits: when what it takes the place of is used up."""
    end = change.item.current_period[1] if change.item else None
    return end or subscription.current_period_end


def proration_of(settings: PortalSettings, subscription: Subscription) -> str:
    """How the difference is charged when it changes at once."""
    charges_now = settings.proration == Proration.ALWAYS_INVOICE
    if charges_now and subscription.is_paid_by_invoice:
        # Nothing could be held back until somebody has paid an invoice by hand.
        return Proration.CREATE_PRORATIONS.value
    return settings.proration


def length_of(price: Price) -> int:
    """Days of its period, near enough to tell the longer of two."""
    return DAYS.get(price.interval, 0) * price.interval_count
