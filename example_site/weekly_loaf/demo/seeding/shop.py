"""The portal on the site: its settings, the pricing table, the account page."""

from __future__ import annotations

import uuid
from typing import Any

from wagtail.models import Locale, Site

from wagtail_billing_portal.models import PortalSettings, Price
from weekly_loaf.demo.seeding.catalog import lookup_key
from weekly_loaf.demo.seeding.texts import page_texts, plan_texts
from weekly_loaf.pages.models import AccountPage, PricingPage, StandardPage

INTERVALS = ("month", "year")


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
    if settings.return_page is None:
        settings.return_page = account
        settings.plans_page = PricingPage.objects.get(locale=english)
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
