from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .customers import Customer
from .mirrored import MirroredObject, MirroredQuerySet
from .payment_methods import PaymentMethod

if TYPE_CHECKING:
    from .catalog import Price, Product
    from .discounts import Discount
    from .schedules import SubscriptionSchedule
    from .subscription_items import SubscriptionItem

#: Statuses in which Stripe holds the subscription paid for, or in its trial.
PAID_UP = ("active", "trialing", "past_due")
#: Statuses that nothing leads out of.
TERMINAL = ("canceled", "incomplete_expired")


class SubscriptionState(models.TextChoices):
    """Where a subscription stands, in a member's words."""

    ACTIVE = "active", _("Active")
    TRIALING = "trialing", _("Free trial")
    ENDING = "ending", _("Ending")
    PAST_DUE = "past_due", _("Payment overdue")
    INCOMPLETE = "incomplete", _("Payment needed")
    UNPAID = "unpaid", _("Unpaid")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


class SubscriptionQuerySet(MirroredQuerySet):
    """Queries that read like the properties of ``Subscription``."""

    def granting_access(self) -> Self:
        """Those that open what was paid for, now."""
        return self.filter(status__in=PAID_UP, deleted_at=None).filter(
            models.Q(ends_at=None) | models.Q(ends_at__gt=timezone.now())
        )

    def for_display(self) -> Self:
        """With all that a card shows: items, prices, products, payment methods."""
        return self.select_related(
            "default_payment_method", "customer__default_payment_method"
        ).prefetch_related(
            "items__price__product",
            "schedules",
            "discounts__coupon",
            "discounts__promotion_code",
        )


class Subscription(MirroredObject):
    """A customer's standing order for one or more prices."""

    stripe_object: ClassVar[str] = "subscription"

    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        null=True,
        on_delete=models.CASCADE,
        related_name="subscriptions",
    )
    status = models.CharField(_("status"), max_length=50, blank=True, db_index=True)
    created = models.DateTimeField(_("created"), null=True, blank=True)
    current_period_end = models.DateTimeField(
        _("paid until"), null=True, blank=True, db_index=True
    )
    ends_at = models.DateTimeField(
        _("ends"),
        null=True,
        blank=True,
        help_text=_("When it ends or ended; empty while it goes on."),
    )
    default_payment_method = models.ForeignKey(
        PaymentMethod,
        verbose_name=_("payment method"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects: ClassVar[Any] = SubscriptionQuerySet.as_manager()

    class Meta(MirroredObject.Meta):
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")

    def __str__(self) -> str:
        return self.name

    @property
    def has_ended(self) -> bool:
        """Over for good; a new subscription is the only way back."""
        if self.status in TERMINAL or self.deleted_at is not None:
            return True
        return self.ends_at is not None and self.ends_at <= timezone.now()

    @property
    def is_ending(self) -> bool:
        """Will end at ``ends_at``, and still runs until then."""
        return self.ends_at is not None and not self.has_ended

    @property
    def grants_access(self) -> bool:
        """Opens what was paid for, now. Twin of ``granting_access()``."""
        return self.status in PAID_UP and not self.has_ended

    @property
    def in_grace_period(self) -> bool:
        """Cancelled, but paid for until ``ends_at``."""
        return self.is_ending and self.grants_access

    @property
    def on_trial(self) -> bool:
        return self.status == "trialing" and not self.has_ended

    @property
    def is_past_due(self) -> bool:
        return self.status == "past_due" and not self.has_ended

    @property
    def needs_payment(self) -> bool:
        """Something is owed, and paying it is what brings it back in order."""
        return (
            self.status in ("past_due", "incomplete", "unpaid") and not self.has_ended
        )

    @property
    def state(self) -> SubscriptionState:
        """One word for the whole, the one that matters most to a member."""
        if self.has_ended:
            return SubscriptionState.ENDED
        if self.status in ("active", "trialing") and self.is_ending:
            return SubscriptionState.ENDING
        if self.status in SubscriptionState.values:
            return SubscriptionState(self.status)
        return SubscriptionState.UNPAID

    @property
    def schedule(self) -> SubscriptionSchedule | None:
        """What decides about it while attached; ``None`` also before it was mirrored."""
        id = self.data.get("schedule")
        return next((it for it in self.schedules.all() if it.pk == id), None)

    @property
    def is_scheduled(self) -> bool:
        """Whether a schedule has plans for it."""
        schedule = self.schedule
        return bool(self.data.get("schedule")) and not (schedule and schedule.is_idle)

    @property
    def is_scheduled_by_others(self) -> bool:
        """Whether somebody else than a member agreed upon its future."""
        schedule = self.schedule
        return self.is_scheduled and not (schedule and schedule.is_ours)

    @property
    def pending_update(self) -> dict[str, Any] | None:
        """What it changes to once the payment for that has gone through."""
        return self.data.get("pending_update") or None

    @property
    def is_flexible(self) -> bool:
        """Whether it is in Stripe's flexible billing mode; the other is "classic"."""
        return (self.data.get("billing_mode") or {}).get("type") == "flexible"

    @property
    def is_paid_by_invoice(self) -> bool:
        """Whether invoices are sent instead of a card being charged."""
        return bool(self.data.get("collection_method") == "send_invoice")

    @property
    def is_paid_afterwards(self) -> bool:
        """Whether its money comes days later: by an invoice, or from a bank account."""
        method = self.payment_method
        return self.is_paid_by_invoice or bool(method and method.is_debit)

    @property
    def collection_paused(self) -> dict[str, Any] | None:
        """How its invoices are let go while it runs on, if they are."""
        return self.data.get("pause_collection") or None

    @property
    def is_resting(self) -> bool:
        """Paused in either way, and to be resumed."""
        return not self.has_ended and (
            self.status == "paused" or self.collection_paused is not None
        )

    @property
    def paused_at(self) -> datetime | None:
        """Since when nothing is provided nor charged."""
        if self.status != "paused":
            return None
        paused = (self.data.get("status_details") or {}).get("paused") or {}
        return moment(paused.get("transitioned_at")) or self.current_period_end

    @property
    def resumes_at(self) -> datetime | None:
        """When a pause is over by itself; ``None``: not before somebody says so."""
        if self.collection_paused is not None:
            return moment(self.collection_paused.get("resumes_at"))
        if self.status != "paused" or self.schedule is None:
            return None
        return self.schedule.resumes_at

    @property
    def current_discounts(self) -> list[Discount]:
        """What is taken off its invoices, as Stripe lists it."""
        ids = self.data.get("discounts") or []
        found = {it.pk: it for it in self.discounts.all() if it.deleted_at is None}
        return [found[id] for id in ids if id in found]

    @property
    def first_item(self) -> SubscriptionItem | None:
        return next(iter(self.items.all()), None)

    @property
    def metered_items(self) -> list[SubscriptionItem]:
        """What of it is counted, and charged afterwards."""
        return [item for item in self.items.all() if item.is_metered]

    @property
    def price(self) -> Price | None:
        return self.first_item.price if self.first_item else None

    @property
    def product(self) -> Product | None:
        return self.price.product if self.price else None

    @property
    def quantity(self) -> int:
        """Units of the first item; 1 where nothing is counted."""
        return (self.first_item and self.first_item.quantity) or 1

    @property
    def name(self) -> str:
        """What a member calls it: its products' names."""
        names = [
            item.price.product.name
            for item in self.items.all()
            if item.price and item.price.product and item.price.product.name
        ]
        return ", ".join(dict.fromkeys(names)) or str(_("Subscription"))

    @property
    def currency(self) -> str:
        return self.data.get("currency") or ""

    @property
    def recurring_amount(self) -> int | None:
        """Minor units a period, before discounts.

        ``None`` when it depends on use, or on the period: in flexible billing mode a
        subscription may have items by the month and by the year.
        """
        sums = self.recurring_amounts.values()
        return next(iter(sums), 0) if len(sums) < 2 else None

    @property
    def recurring_amounts(self) -> dict[tuple[str, int], int | None]:
        """Minor units for each period that it has items of; ``None``: as used."""
        sums: dict[tuple[str, int], int | None] = {}
        for item in self.items.all():
            period = item.price.period if item.price else ("", 1)
            before = sums.get(period, 0)
            amount = item.amount
            if before is None or amount is None:
                sums[period] = None
            else:
                sums[period] = before + amount
        return sums

    @property
    def trial_end(self) -> datetime | None:
        seconds = self.data.get("trial_end")
        return moment(seconds) if self.on_trial else None

    @property
    def next_charge_at(self) -> datetime | None:
        """When money is next due; ``None`` when nothing more will be charged."""
        if self.has_ended or self.status == "paused":
            return None
        at = self.trial_end or self.current_period_end
        if self.ends_at is None or at is None:
            return at
        return at if at < self.ends_at else None

    @property
    def period_ends(self) -> list[datetime]:
        """When what was paid for is used up, the earliest first.

        One moment, unless some items are paid more often than others.
        """
        items = (self.data.get("items") or {}).get("data") or []
        ends = {it["current_period_end"] for it in items if "current_period_end" in it}
        return [datetime.fromtimestamp(end, tz=UTC) for end in sorted(ends)]

    @property
    def paid_until(self) -> datetime | None:
        """When all that was paid for is used up."""
        return next(reversed(self.period_ends), self.current_period_end)

    @property
    def payment_method(self) -> PaymentMethod | None:
        """What will be charged: its own method, else the customer's."""
        if self.default_payment_method_id:
            return self.default_payment_method
        return self.customer.default_payment_method if self.customer else None


def moment(seconds: int | None) -> datetime | None:
    """Stripe's Unix seconds as an aware datetime in UTC."""
    return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)
