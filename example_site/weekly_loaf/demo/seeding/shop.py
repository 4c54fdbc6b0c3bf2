"""The portal on the site: its settings, the pricing table, the account page."""

from __future__ import annotations

import uuid
from typing import Any

from wagtail.models import Locale, Site

from wagtail_billing_portal.models import (
    GroupedPrice,
    PauseLength,
    PlanGroup,
    PortalSettings,
    Price,
    RetentionOffer,
)
from wagtail_billing_portal.models.portal_choices import (
    CancelMode,
    CancelReason,
    CancelSettlement,
    OfferKind,
)
from weekly_loaf.demo.seeding.catalog import CURRENCY, lookup_key
from weekly_loaf.demo.seeding.texts import extra_texts, page_texts, plan_texts
from weekly_loaf.pages.models import AccountPage, PricingPage, StandardPage

INTERVALS = ("month", "year")
#: What somebody who leaves is offered: the first that fits the reason and the plan.
OFFERS: list[dict[str, Any]] = [
    {"kind": OfferKind.CHEAPER_PLAN, "reasons": [CancelReason.TOO_EXPENSIVE]},
    {
        "kind": OfferKind.COUPON,
        "reasons": [CancelReason.TOO_EXPENSIVE],
        "coupon_id": "STAY",
    },
    {"kind": OfferKind.PAUSE, "reasons": [CancelReason.UNUSED]},
    {
        "kind": OfferKind.FREE_MONTHS,
        "reasons": [CancelReason.LOW_QUALITY, CancelReason.CUSTOMER_SERVICE],
        "months": 1,
    },
]


def seed_shop() -> None:
    """Put the portal's blocks on the English pages that have none yet."""
    english = Locale.get_default()
    texts = page_texts()
    account = AccountPage.objects.get(locale=english)
    _fill(
        account,
        manage_subscription={
            "heading": texts["account"]["plan"][0],
            "button_text": "",
            "empty_text": "",
        },
        invoice_list={"heading": texts["account"]["invoices"][0], "number": 6},
    )
    _fill(
        PricingPage.objects.get(locale=english),
        pricing_table={
            "heading": texts["pricing"]["heading"][0],
            "intro": "",
            "plans": _items([_plan(plan) for plan in plan_texts()]),
            "default_interval": "month",
        },
    )
    settings = PortalSettings.for_site(Site.objects.get(is_default_site=True))
    if not settings.plan_groups.exists():
        _group(settings, "Plans", plan_texts())
        _group(settings, "Extras", extra_texts(), are_extras=True)
    if not settings.pause_lengths.exists():
        _let_rest_and_leave(settings)
    if settings.return_page is None:
        settings.return_page = account
        settings.plans_page = PricingPage.objects.get(locale=english)
        settings.contact_page = StandardPage.objects.filter(
            locale=english, slug=texts["about"]["slug"][0]
        ).first()
        settings.offer_pause = True
        settings.cancel_mode = CancelMode.EITHER
        settings.cancel_settlement = CancelSettlement.REFUND
        # Last: saving tells Stripe's own page what all of this comes to.
        settings.save()


def german_prices() -> dict[str, str]:
    """The price in euros for each price in pounds."""
    keys = _prices_by_key()
    return {
        keys[lookup_key(plan["key"], interval, "gbp")]: keys[
            lookup_key(plan["key"], interval, "eur")
        ]
        for plan in plan_texts()
        for interval in INTERVALS
        if lookup_key(plan["key"], interval, "gbp") in keys
    }


def _let_rest_and_leave(settings: PortalSettings) -> None:
    """How long members pause, and what keeps those who would leave."""
    for place, months in enumerate((1, 2, 3)):
        PauseLength.objects.create(
            settings=settings,
            interval="month",
            interval_count=months,
            sort_order=place,
        )
    for place, offer in enumerate(OFFERS):
        RetentionOffer.objects.create(settings=settings, sort_order=place, **offer)


def _group(
    settings: PortalSettings,
    name: str,
    plans: list[dict[str, Any]],
    *,
    are_extras: bool = False,
) -> None:
    """Let members switch between plans, or add extras, in either currency."""
    keys = _prices_by_key()
    group = PlanGroup.objects.create(
        settings=settings, name=name, are_extras=are_extras
    )
    prices = [
        (keys[lookup_key(plan["key"], interval, currency)], plan.get("most", 1))
        for plan in plans
        for interval in INTERVALS
        for currency in CURRENCY.values()
    ]
    for place, (price, most) in enumerate(prices):
        GroupedPrice.objects.create(
            group=group, price_id=price, maximum=most, sort_order=place
        )


def _fill(page: StandardPage, **blocks: dict[str, Any]) -> None:
    if blocks.keys() & {block.block_type for block in page.body}:
        return
    there = page.body.get_prep_value()
    new = [{"type": kind, "value": value} for kind, value in blocks.items()]
    page.body = [*new, *there]
    page.save_revision().publish()


def _plan(plan: dict[str, Any]) -> dict[str, Any]:
    keys = _prices_by_key()
    prices = [keys[lookup_key(plan["key"], interval, "gbp")] for interval in INTERVALS]
    return {
        "prices": _items(prices),
        "name": plan["name"][0],
        "description": plan["description"][0],
        "features": _items([feature[0] for feature in plan["features"]]),
        "badge": "",
        "highlight": plan["key"] == "supporter",
        "call_to_action": "",
    }


def _items(values: list[Any]) -> list[dict[str, Any]]:
    """A list block's value, each item with the id that translations refer to."""
    return [
        {"type": "item", "value": value, "id": str(uuid.uuid4())} for value in values
    ]


def _prices_by_key() -> dict[str, str]:
    return {price.data["lookup_key"]: price.pk for price in Price.objects.all()}
