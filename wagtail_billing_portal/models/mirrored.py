"""What all mirrored rows share: Stripe's JSON, and how fresh it is."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class MirroredQuerySet(models.QuerySet[Any]):
    """Queries that every mirrored family answers."""

    def existing(self) -> Self:
        """Without tombstones, and without stubs that were never seen in full."""
        return self.filter(deleted_at=None).exclude(as_of=0)

    def on_account(self, alias: str) -> Self:
        """Rows of one Stripe account."""
        return self.filter(stripe_account=alias)


class MirroredObject(models.Model):
    """One Stripe object as Stripe last showed it.

    Only ``mirror.ingest`` writes these rows. ``as_of`` is the second (Unix, Stripe's
    clock) in which the snapshot was taken; 0 marks a stub, known only by its id.
    """

    #: Stripe's value of ``object`` for this family.
    stripe_object: ClassVar[str]

    id = models.CharField(primary_key=True, max_length=255)
    stripe_account = models.CharField(
        _("Stripe account"), max_length=50, db_index=True, editable=False
    )
    livemode = models.BooleanField(_("live mode"), default=False, editable=False)
    data = models.JSONField(_("data"), default=dict, editable=False)
    on_request = models.JSONField(
        default=dict,
        editable=False,
        help_text=_("What Stripe serves only when asked, as of the last answer."),
    )
    as_of = models.BigIntegerField(default=0, editable=False)
    digest = models.CharField(
        max_length=32,
        default="",
        editable=False,
        help_text=_("Names the content, as the mirror compares it."),
    )
    versions = models.JSONField(
        default=list,
        editable=False,
        help_text=_("What is known of the order of the versions of this second."),
    )
    stale_as_of = models.BigIntegerField(
        default=0,
        editable=False,
        help_text=_("Something unreadable happened to the object in this second."),
    )
    revision = models.PositiveBigIntegerField(
        default=0,
        editable=False,
        help_text=_(
            "How often the row was written; who read it notices who was faster."
        ),
    )
    needs_refresh = models.BooleanField(default=False, editable=False)
    refresh_after = models.DateTimeField(null=True, blank=True, editable=False)
    refresh_attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    synced_at = models.DateTimeField(_("last synced"), auto_now=True)

    objects: ClassVar[Any] = MirroredQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["refresh_after"],
                condition=models.Q(needs_refresh=True),
                name="bill_due_%(class)s",
            )
        ]

    def __str__(self) -> str:
        return self.pk

    @property
    def is_stub(self) -> bool:
        """Known by its id alone; the full object is still to come."""
        return self.as_of == 0

    @property
    def metadata(self) -> dict[str, str]:
        return self.data.get("metadata") or {}
