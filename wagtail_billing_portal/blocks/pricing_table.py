from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from laces.components import Component
from wagtail import blocks

from ..accounts import BillingAccount
from ..sections import Plan, PlansSection
from .base import BillingBlock
from .prices import PriceChooserBlock
from .samples import sample_plans

INTERVALS = [
    ("month", _("Monthly")),
    ("year", _("Yearly")),
    ("week", _("Weekly")),
    ("day", _("Daily")),
]


class PlanBlock(blocks.StructBlock):
    """One plan of a pricing table: what it costs, and how it is shown."""

    prices = blocks.ListBlock(
        PriceChooserBlock(),
        label=_("Prices"),
        min_num=1,
        help_text=_(
            "All of one product: one for each interval, such as a monthly and a yearly "
            "one. Visitors switch between them."
        ),
    )
    name = blocks.CharBlock(
        label=_("Name"),
        required=False,
        help_text=_("Visitors see this name. Empty: the product's."),
    )
    description = blocks.CharBlock(
        label=_("Description"),
        required=False,
        help_text=_("One line below the name. Empty: the product's."),
    )
    features = blocks.ListBlock(
        blocks.CharBlock(label=_("Feature")),
        label=_("Features"),
        default=[],
        help_text=_("What visitors get, a few words each. None: the product's."),
    )
    badge = blocks.CharBlock(
        label=_("Badge"),
        required=False,
        max_length=30,
        help_text=_("A word or two beside the name, such as “Most popular”."),
    )
    highlight = blocks.BooleanBlock(
        label=_("Highlight"),
        required=False,
        help_text=_("Framed, and with the page's main button."),
    )
    call_to_action = blocks.CharBlock(
        label=_("Button text"),
        required=False,
        max_length=50,
        help_text=_("Empty: “Choose”, and the plan's name."),
    )

    class Meta:
        icon = "tag"
        label = _("Plan")
        label_format = "{name}"


class PricingTableBlock(BillingBlock):
    """Plans side by side, to subscribe to. Who may buy what is decided in code."""

    heading = blocks.CharBlock(label=_("Heading"), required=False)
    intro = blocks.TextBlock(label=_("Introduction"), required=False)
    plans = blocks.ListBlock(
        PlanBlock(), label=_("Plans"), help_text=_("Shown in this order.")
    )
    default_interval = blocks.ChoiceBlock(
        choices=INTERVALS,
        label=_("Interval shown first"),
        required=False,
        help_text=_("Matters when there are several. None: the shortest."),
    )

    class Meta:
        icon = "table"
        label = _("Pricing table")
        description = _("Your plans side by side, with a button to subscribe to each")
        preview_value = {
            "heading": _("Choose your plan"),
            "intro": _("Change or cancel whenever you like."),
        }

    def get_section(
        self, value: blocks.StructValue, account: BillingAccount | None
    ) -> Component:
        plans = [plan_of(plan) for plan in value.get("plans") or []]
        return self._table(value, account, plans)

    def get_sample_section(
        self, value: blocks.StructValue, visitor: BillingAccount | None
    ) -> Component:
        return self._table(value, visitor, sample_plans(visitor))

    def _table(
        self,
        value: blocks.StructValue,
        account: BillingAccount | None,
        plans: list[Plan],
    ) -> PlansSection:
        return PlansSection(
            account,
            plans,
            heading=value.get("heading") or "",
            intro=value.get("intro") or "",
            default_interval=value.get("default_interval") or "",
        )


def plan_of(value: Any) -> Plan:
    """The plan that an editor set up; prices that are gone are left out."""
    return Plan(
        prices=[price for price in value.get("prices") or [] if price is not None],
        name=value.get("name") or "",
        description=value.get("description") or "",
        features=[feature for feature in value.get("features") or [] if feature],
        badge=value.get("badge") or "",
        is_highlighted=bool(value.get("highlight")),
        call_to_action=value.get("call_to_action") or "",
    )
