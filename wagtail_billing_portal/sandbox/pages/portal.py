"""The hosted customer portal: a look-alike of what Stripe's own offers first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from wagtail_billing_portal.sandbox.pages.frame import page, see_other
from wagtail_billing_portal.sandbox.pages.holdings import Holding, bill_of
from wagtail_billing_portal.sandbox.pages.portal_frame import (
    address,
    around,
    portal_view,
)
from wagtail_billing_portal.sandbox.pages.visit import Visit
from wagtail_billing_portal.sandbox.pages.words import address_lines

Json = dict[str, Any]


@portal_view
def portal_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the customer has, pays with and has paid."""
    if visit.flow:
        return see_other(_page_of_flow(visit, visit.flow))
    customer = visit.customer
    bills = [bill_of(invoice) for invoice in visit.invoices()]
    may_pay_otherwise = visit.offers("payment_method_update")
    may_edit = visit.offers("customer_update")
    return page(
        request,
        "portal",
        {
            "heading": visit.configuration["business_profile"]["headline"],
            "customer": customer["name"] or customer["email"] or customer["id"],
            "subscriptions": [_linked(visit, each) for each in visit.holdings()],
            "cards": visit.cards(),
            "card_url": address(visit, "card") if may_pay_otherwise else "",
            "details": _details(customer),
            "details_url": address(visit, "details") if may_edit else "",
            "invoices": bills if visit.offers("invoice_history") else None,
            "legal_links": _legal_links(visit),
            **around(visit),
        },
    )


def _page_of_flow(visit: Visit, flow: Json) -> str:
    match flow["type"]:
        case "subscription_cancel":
            return address(visit, "cancel", flow["subscription_cancel"]["subscription"])
        case "payment_method_update":
            return address(visit, "card")
        case _:
            return address(visit, "details")


def _linked(visit: Visit, holding: Holding) -> Json:
    return {
        "holding": holding,
        "cancel_url": address(visit, "cancel", holding.id),
        "keep_url": address(visit, "keep", holding.id),
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
