from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .subscriptions import Subscription


class Act(models.TextChoices):
    """What somebody did with a subscription, by the portal."""

    CHANGED = "changed", _("Plan changed")
    SCHEDULED = "scheduled", _("Change scheduled")
    UNSCHEDULED = "unscheduled", _("Scheduled change undone")
    CANCELLED = "cancelled", _("Cancelled")
    CANCELLED_NOW = "cancelled_now", _("Ended at once")
    KEPT = "kept", _("Cancellation undone")
    PAUSED = "paused", _("Paused")
    RESUMED = "resumed", _("Resumed")
    DISCOUNTED = "discounted", _("Discount applied")
    UNDISCOUNTED = "undiscounted", _("Discount removed")
    ACCEPTED = "accepted", _("Offer accepted")


class SubscriptionAct(models.Model):
    """One act of a member, as the timeline shows it and as limits count it."""

    subscription = models.ForeignKey(
        Subscription,
        verbose_name=_("subscription"),
        on_delete=models.CASCADE,
        related_name="acts",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("member"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    act = models.CharField(_("act"), max_length=20, choices=Act.choices)
    about = models.CharField(_("about"), max_length=255, blank=True)
    at = models.DateTimeField(_("when"), help_text=_("By Stripe's clock."))

    class Meta:
        verbose_name = _("act on a subscription")
        verbose_name_plural = _("acts on subscriptions")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_act_display()}, {self.at:%Y-%m-%d %H:%M}"
