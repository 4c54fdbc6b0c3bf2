"""The receipt of a payment, open to whoever has the link."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from wagtail_billing_portal.sandbox.billing import receipts
from wagtail_billing_portal.sandbox.pages.document import Row
from wagtail_billing_portal.sandbox.pages.frame import (
    page,
    sandbox_page,
    spoken,
    world_with,
)
from wagtail_billing_portal.sandbox.pages.money import format_amount
from wagtail_billing_portal.sandbox.pages.seller import seller_name
from wagtail_billing_portal.sandbox.pages.words import card_label, on_date
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@require_safe
@sandbox_page
def receipt_page(request: HttpRequest, token: str) -> HttpResponse:
    """Say what was paid, how, and what of it was given back."""
    with world_with(receipts.PAGE, token) as world:
        charge = world.get("charge", world.get(receipts.PAGE, token)["charge"])
        invoice = receipts.invoice_of(world, charge)
        with spoken(request, _language_of(world, charge)):
            state, tone = _state(charge)
            amount = format_amount(charge["amount"], charge["currency"])
            context = {
                "title": _title(charge),
                "state": state,
                "tone": tone,
                "headline": gettext("%(amount)s paid") % {"amount": amount},
                "facts": _facts(charge, invoice),
                "totals": _totals(world, charge, invoice),
                "invoice_url": (invoice or {}).get("hosted_invoice_url") or "",
                "seller": seller_name(),
                "narrow": True,
            }
            return page(request, "receipt", context)


def _title(charge: Json) -> str:
    if number := charge["receipt_number"]:
        return gettext("Receipt %(number)s") % {"number": number}
    return gettext("Receipt")


def _state(charge: Json) -> tuple[str, str]:
    if charge["status"] != "succeeded":
        return gettext("Failed"), "bad"
    if charge["refunded"]:
        return gettext("Refunded"), "quiet"
    if charge["amount_refunded"]:
        return gettext("Partly refunded"), "warn"
    return gettext("Paid"), "good"


def _facts(charge: Json, invoice: Json | None) -> list[Row]:
    facts = [
        (gettext("Receipt number"), charge["receipt_number"]),
        (gettext("Invoice number"), (invoice or {}).get("number")),
        (gettext("Date of payment"), on_date(charge["created"])),
        (gettext("Payment method"), card_label(charge["payment_method_details"])),
    ]
    return [Row(label, value) for label, value in facts if value]


def _totals(world: World, charge: Json, invoice: Json | None) -> list[Row]:
    currency = charge["currency"]
    number = (invoice or {}).get("number")
    what = charge["description"] or gettext("Payment")
    if number:
        what = gettext("Invoice %(number)s") % {"number": number}
    rows = [
        (what, charge["amount"], False),
        (gettext("Amount paid"), charge["amount"], True),
    ]
    refunds = world.find("refund", charge=charge["id"], status="succeeded")
    for refund in reversed(refunds):
        label = gettext("Refund of %(date)s") % {"date": on_date(refund["created"])}
        rows.append((label, -refund["amount"], False))
    if refunds:
        left = charge["amount"] - charge["amount_refunded"]
        rows.append((gettext("Paid after refunds"), left, True))
    return [
        Row(label, format_amount(amount, currency), strong)
        for label, amount, strong in rows
    ]


def _language_of(world: World, charge: Json) -> str | None:
    if not charge["customer"]:
        return None
    customer = world.get("customer", charge["customer"], include_deleted=True)
    return next(iter(customer.get("preferred_locales") or []), None)
