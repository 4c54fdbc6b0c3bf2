from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EventStatus(models.TextChoices):
    """How far a stored event has come."""

    PENDING = "pending", _("Waiting")
    PROCESSED = "processed", _("Applied")
    IGNORED = "ignored", _("Ignored")
    FAILED = "failed", _("Failed")


class StripeEvent(models.Model):
    """The inbox: every webhook call that was proven to be Stripe's."""

    id = models.CharField(primary_key=True, max_length=255)
    stripe_account = models.CharField(_("Stripe account"), max_length=50)
    type = models.CharField(_("type"), max_length=255, db_index=True)
    created = models.BigIntegerField(help_text=_("Unix seconds of Stripe's clock."))
    livemode = models.BooleanField(_("live mode"), default=False)
    api_version = models.CharField(_("API version"), max_length=100, blank=True)
    payload = models.JSONField(_("payload"))
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=EventStatus.choices,
        default=EventStatus.PENDING,
    )
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    processed_at = models.DateTimeField(_("processed"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("Stripe event")
        verbose_name_plural = _("Stripe events")
        indexes = [
            models.Index(fields=["status", "next_attempt_at"], name="billing_inbox"),
            models.Index(fields=["received_at"], name="billing_inbox_age"),
        ]

    def __str__(self) -> str:
        return f"{self.type} ({self.pk})"
