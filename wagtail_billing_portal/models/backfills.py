from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class BackfillProgress(models.Model):
    """How far a backfill has walked through one of Stripe's lists.

    Moves on in the same transaction as the rows of a page, so that a backfill that was
    killed goes on where it stopped. Gone when the list is at its end.
    """

    stripe_account = models.CharField(_("Stripe account"), max_length=50)
    family = models.CharField(_("kind"), max_length=50)
    since = models.BigIntegerField(
        default=0, help_text=_("Unix seconds; nothing created before is asked for.")
    )
    scope = models.JSONField(default=dict)
    after = models.CharField(_("last object"), max_length=255, blank=True)
    began_at = models.BigIntegerField(
        default=0, help_text=_("Unix seconds of Stripe's clock.")
    )

    class Meta:
        verbose_name = _("backfill")
        verbose_name_plural = _("backfills")
        constraints = [
            models.UniqueConstraint(
                fields=["stripe_account", "family", "since"],
                name="billing_one_backfill",
            )
        ]

    def __str__(self) -> str:
        return f"{self.stripe_account}: {self.family} after {self.after or 'nothing'}"
