"""What a site asks and offers a member who wants to leave, or to rest."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, Panel
from wagtail.models import Orderable

from .discounts import Coupon
from .portal_choices import OfferKind, ReasonsField
from .portal_settings import PortalSettings

#: What the value of a reason in the site's own words begins with.
OWN = "own:"
#: Stripe lets nobody pause for longer.
LONGEST_PAUSE = {"day": 1095, "week": 156, "month": 36, "year": 3}


class Interval(models.TextChoices):
    """Stripe's units of time."""

    DAY = "day", _("days")
    WEEK = "week", _("weeks")
    MONTH = "month", _("months")
    YEAR = "year", _("years")


class PauseLength(Orderable):
    """How long a member may pause."""

    settings = ParentalKey(
        PortalSettings, on_delete=models.CASCADE, related_name="pause_lengths"
    )
    interval_count = models.PositiveSmallIntegerField(
        _("number"), default=1, validators=[MinValueValidator(1)]
    )
    interval = models.CharField(
        _("unit"), max_length=10, choices=Interval.choices, default=Interval.MONTH
    )

    panels: ClassVar[list[Panel]] = [
        FieldRowPanel([FieldPanel("interval_count"), FieldPanel("interval")])
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("length of a pause")
        verbose_name_plural = _("lengths of pauses")

    def __str__(self) -> str:
        return f"{self.interval_count} {self.interval}"

    def end_after(self, start: datetime) -> datetime:
        """When a pause that begins at ``start`` is over; months as calendars count."""
        count = self.interval_count
        if self.interval in (Interval.DAY, Interval.WEEK):
            days = count * (7 if self.interval == Interval.WEEK else 1)
            return start + timedelta(days=days)
        months = count * (12 if self.interval == Interval.YEAR else 1)
        years, month = divmod(start.month - 1 + months, 12)
        year, month = start.year + years, month + 1
        return start.replace(
            year=year, month=month, day=min(start.day, monthrange(year, month)[1])
        )

    def clean(self) -> None:
        """Refuse what Stripe refuses: more than three years."""
        super().clean()
        if (self.interval_count or 0) > LONGEST_PAUSE.get(self.interval, 0):
            raise ValidationError(
                {"interval_count": _("A pause lasts three years at most.")}
            )


class OwnReason(Orderable):
    """A reason for leaving in the site's own words, kept at Stripe as well."""

    settings = ParentalKey(
        PortalSettings, on_delete=models.CASCADE, related_name="own_reasons"
    )
    text = models.CharField(
        _("reason"), max_length=100, help_text=_("As members read it.")
    )
    feedback_option = models.CharField(max_length=255, blank=True, editable=False)

    panels: ClassVar[list[Panel]] = [FieldPanel("text")]

    class Meta(Orderable.Meta):
        verbose_name = _("own reason")
        verbose_name_plural = _("own reasons")

    def __str__(self) -> str:
        return self.text

    @property
    def value(self) -> str:
        """What stands for it in a form, beside Stripe's own reasons."""
        return f"{OWN}{self.pk}"


class RetentionOffer(Orderable):
    """What is offered to a member who leaves for one of these reasons."""

    settings = ParentalKey(
        PortalSettings, on_delete=models.CASCADE, related_name="retention_offers"
    )
    kind = models.CharField(
        _("offer"), max_length=20, choices=OfferKind.choices, default=OfferKind.COUPON
    )
    reasons = ReasonsField(
        _("for these reasons"),
        default=list,
        blank=True,
        help_text=_("None ticked: for every reason, also where none was given."),
    )
    coupon = models.ForeignKey(
        Coupon,
        verbose_name=_("coupon"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("For a discount: what is taken off, as set up at Stripe."),
    )
    months = models.PositiveSmallIntegerField(
        _("free months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(36)],
        help_text=_("For free months: how many."),
    )
    text = models.CharField(
        _("text"),
        max_length=300,
        blank=True,
        help_text=_("One or two sentences above the offer. Members read them."),
    )

    panels: ClassVar[list[Panel]] = [
        FieldPanel("kind"),
        FieldPanel("reasons"),
        FieldRowPanel([FieldPanel("coupon"), FieldPanel("months")]),
        FieldPanel("text"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("offer to those who leave")
        verbose_name_plural = _("offers to those who leave")

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def clean(self) -> None:
        """Refuse an offer that lacks what it is made of."""
        super().clean()
        errors: dict[str, Any] = {}
        if self.kind == OfferKind.COUPON and self.coupon_id is None:
            errors["coupon"] = _("Choose the coupon that is offered.")
        if self.kind == OfferKind.FREE_MONTHS and not self.months:
            errors["months"] = _("Say how many months are free.")
        if errors:
            raise ValidationError(errors)

    def fits(self, reason: str) -> bool:
        """Whether it is made to somebody who gave this reason, or none."""
        return not self.reasons or reason in self.reasons
