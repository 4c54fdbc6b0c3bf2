"""The hosted customer portal: a look-alike of what Stripe's own offers first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from wagtail_billing_portal.sandbox.pages.frame import page, see_other
from wagtail_billing_portal.sandbox.pages.holdings import SavedCard
from wagtail_billing_portal.sandbox.pages.portal_frame import (
    address,
    around,
    done_page,
    portal_view,
)
from wagtail_billing_portal.sandbox.pages.rates import rate_of
from wagtail_billing_portal.sandbox.pages.visit import Visit
from wagtail_billing_portal.sandbox.pages.words import (
    address_lines,
    card_label,
    on_date,
)

Json = dict[str, Any]


@portal_view
def portal_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the customer has, pays with and has paid."""
    if visit.flow:
        return see_other(_page_of_flow(visit, visit.flow))
    if visit.is_over:
        return done_page(request, visit)
    customer = visit.customer
    may_pay_otherwise = visit.offers("payment_method_update")
    may_edit = visit.offers("customer_update")
    return page(
        request,
        "portal",
        {
            "heading": visit.configuration["business_profile"]["headline"],
            "customer": customer["name"] or customer["email"] or customer["id"],
            "subscriptions": [_entry(visit, each) for each in visit.subscriptions()],
            "cards": [_card(visit, card) for card in visit.cards()],
            "card_url": address(visit, "card") if may_pay_otherwise else "",
            "details": _details(customer),
            "details_url": address(visit, "details") if may_edit else "",
            "invoices": visit.bills() if visit.offers("invoice_history") else None,
            "legal_links": _legal_links(visit),
            **around(visit),
        },
    )


def _page_of_flow(visit: Visit, flow: Json) -> str:
    kind = flow["type"]
    match kind:
        case "payment_method_update":
            return address(visit, "card")
        case "customer_update":
            return address(visit, "details")
    action = kind.removeprefix("subscription_")
    return address(visit, action, flow[kind]["subscription"])


def _entry(visit: Visit, subscription: Json) -> Json:
    """A subscription, and the ways to what may be done to it."""
    acts = visit.acts(subscription)
    words = {
        "update": gettext("Change plan"),
        "pause": gettext("Pause"),
        "resume": gettext("Resume"),
        "cancel": gettext("Cancel subscription"),
    }
    id = subscription["id"]
    links = [
        {"url": address(visit, act, id), "text": text}
        for act, text in words.items()
        if act in acts
    ]
    method = visit.method_of(subscription)
    return {
        "holding": visit.holding(subscription),
        "method": card_label(method),
        "note": _planned(visit, subscription),
        "pay_url": visit.owed_at(subscription),
        "links": links,
        "keep_url": address(visit, "keep", id) if "keep" in acts else "",
    }


def _card(visit: Visit, card: SavedCard) -> Json:
    """A saved card, and what may be done to it."""
    offered = visit.offers("payment_method_update")
    default = address(visit, "card_default", card.id)
    remove = address(visit, "card_remove", card.id)
    needed = visit.is_needed(card.id)
    return {
        "card": card,
        "default_url": default if offered and not card.is_default else "",
        "remove_url": remove if offered and not needed else "",
    }


def _planned(visit: Visit, subscription: Json) -> str:
    """What a schedule makes of a subscription next."""
    phase = visit.coming_phase(subscription)
    if phase is None:
        return ""
    currency = subscription["currency"]
    plans = []
    for item in phase["items"]:
        price = visit.world.get("price", item["price"])
        name = visit.product_name(price["product"])
        plans.append(f"{name}, {rate_of(price, currency, item['quantity'])}")
    return gettext("From %(date)s: %(plan)s") % {
        "date": on_date(phase["start_date"]),
        "plan": " + ".join(plans),
    }


def _details(customer: Json) -> list[str]:
    lines = [customer["name"], customer["email"], customer["phone"]]
    return [line for line in [*lines, *address_lines(customer["address"])] if line]


def _legal_links(visit: Visit) -> list[Json]:
    profile = visit.configuration["business_profile"]
    links = (
        (profile["terms_of_service_url"], gettext("Terms of service")),
        (profile["privacy_policy_url"], gettext("Privacy policy")),
    )
    return [{"url": url, "text": text} for url, text in links if url]
