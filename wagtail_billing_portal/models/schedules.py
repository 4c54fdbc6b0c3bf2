from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from .customers import Customer
from .mirrored import MirroredObject, MirroredQuerySet
from .subscriptions import Subscription, moment

#: Statuses in which a schedule still has something to do.
AHEAD = ("not_started", "active")
#: The metadata by which the portal knows the schedules that it made for a member.
MADE_BY = {"managed_by": "wagtail_billing_portal"}


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

    @property
    def is_ours(self) -> bool:
        """Whether a member had it made, and so may undo it."""
        return self.metadata.items() >= MADE_BY.items()

    @property
    def phases(self) -> list[dict[str, Any]]:
        return self.data.get("phases") or []

    @property
    def next_phase(self) -> dict[str, Any] | None:
        """What comes after the phase that runs now."""
        current = (self.data.get("current_phase") or {}).get("end_date")
        later = (it for it in self.phases if it.get("start_date") == current)
        return next(later, None) if current else None

    @property
    def pause(self) -> dict[str, Any] | None:
        """The pause that it was told to make, if any."""
        return next(iter(self.data.get("pause_schedules") or []), None)

    @property
    def resumes_at(self) -> datetime | None:
        """When the pause that it began is over; ``None`` also when it is already."""
        resume = (self.pause or {}).get("resume") or {}
        is_ahead = self.is_ahead and _is_scheduled(resume)
        return moment(resume.get("resume_at")) if is_ahead else None

    @property
    def is_idle(self) -> bool:
        """Attached, but with no change to come.

        Left over from a change half made, or from a pause that has begun: both may be
        let go when a member decides otherwise.
        """
        begins = _is_scheduled((self.pause or {}).get("pause") or {})
        is_plain = len(self.phases) == 1 and self.data.get("end_behavior") == "release"
        return is_plain and not begins


def _is_scheduled(step: dict[str, Any]) -> bool:
    return (step.get("status") or {}).get("type") == "scheduled"
