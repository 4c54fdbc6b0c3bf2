from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from .customers import Customer
from .mirrored import MirroredObject, MirroredQuerySet
from .subscriptions import Subscription

#: Statuses in which a schedule still has something to do.
AHEAD = ("not_started", "active")


class SubscriptionScheduleQuerySet(MirroredQuerySet):
    """Queries that members' pages ask."""

    def ahead(self) -> Self:
        """Those that will still change something."""
        return self.filter(status__in=AHEAD, deleted_at=None)


class SubscriptionSchedule(MirroredObject):
    """What a subscription will change to, phase by phase."""

    stripe_object: ClassVar[str] = "subscription_schedule"

    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        null=True,
        on_delete=models.CASCADE,
        related_name="subscription_schedules",
    )
    subscription = models.ForeignKey(
        Subscription,
        verbose_name=_("subscription"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="schedules",
    )
    status = models.CharField(_("status"), max_length=50, blank=True)

    objects: ClassVar[Any] = SubscriptionScheduleQuerySet.as_manager()

    class Meta(MirroredObject.Meta):
        verbose_name = _("subscription schedule")
        verbose_name_plural = _("subscription schedules")

    @property
    def is_ahead(self) -> bool:
        """Will still change something. Twin of ``ahead()``."""
        return self.status in AHEAD and self.deleted_at is None
