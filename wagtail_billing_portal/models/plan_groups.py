from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, Panel
from wagtail.models import Orderable

from .catalog import Price
from .portal_settings import PortalSettings

#: Stripe takes larger numbers, but no invoice of a member's own making needs them.
MOST_UNITS = 100_000


class PlanGroup(Orderable, ClusterableModel):
    """Plans that members may switch between, of which they hold one at a time."""

    settings = ParentalKey(
        PortalSettings, on_delete=models.CASCADE, related_name="plan_groups"
    )
    name = models.CharField(
        _("name"),
        max_length=100,
        help_text=_("For you; members see the plans' own names."),
    )
    are_extras = models.BooleanField(
        _("these are extras"),
        default=False,
        help_text=_(
            "Members add them to a subscription that they have, and remove them, "
            "instead of switching between them."
        ),
    )

    panels: ClassVar[list[Panel]] = [
        FieldPanel("name"),
        FieldPanel("are_extras"),
        InlinePanel("plans", heading=_("Prices"), label=_("Price"), min_num=1),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("plan group")
        verbose_name_plural = _("plan groups")

    def __str__(self) -> str:
        return self.name


class GroupedPrice(Orderable):
    """One price of a plan group, and how many units of it members may take."""

    group = ParentalKey(PlanGroup, on_delete=models.CASCADE, related_name="plans")
    price = models.ForeignKey(
        Price, verbose_name=_("price"), on_delete=models.CASCADE, related_name="+"
    )
    minimum = models.PositiveIntegerField(
        _("at least"), default=1, help_text=_("Units that members must take.")
    )
    maximum = models.PositiveIntegerField(
        _("at most"),
        default=1,
        help_text=_("Units that members may take; 1: there is nothing to count."),
    )

    panels: ClassVar[list[Panel]] = [
        FieldPanel("price"),
        FieldRowPanel([FieldPanel("minimum"), FieldPanel("maximum")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("price of a plan group")
        verbose_name_plural = _("prices of plan groups")

    def __str__(self) -> str:
        return str(self.price)

    @property
    def is_counted(self) -> bool:
        """Whether there is a quantity to choose."""
        return self.maximum > self.minimum

    def clean(self) -> None:
        """Refuse bounds that no quantity fits, and prices that are no standing order."""
        super().clean()
        errors: dict[str, Any] = {}
        if self.minimum < 1:
            errors["minimum"] = _("Members take at least one unit.")
        elif self.maximum < self.minimum:
            errors["maximum"] = _("That is less than the smallest quantity.")
        elif self.maximum > MOST_UNITS:
            errors["maximum"] = _("At most %(number)s units can be allowed.") % {
                "number": MOST_UNITS
            }
        price = Price.objects.filter(pk=self.price_id).first()
        if price is not None and not price.is_recurring:
            errors["price"] = _(
                "This price is paid once. Choose one that is paid regularly."
            )
        elif price is not None and price.tax_behavior == "unspecified":
            errors["price"] = _(
                "Stripe does not know whether tax is in this price, and lets nobody "
                "switch to it. Say so at Stripe first (tax behaviour)."
            )
        if errors:
            raise ValidationError(errors)
