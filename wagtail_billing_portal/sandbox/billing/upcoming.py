"""Invoices that are only looked at: what they have in common."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

MODES = ("next", "recurring")
_NOT_YET = (
    "automatically_finalizes_at",
    "effective_at",
    "ending_balance",
    "hosted_invoice_url",
    "invoice_pdf",
    "next_payment_attempt",
    "number",
)


def is_recurring(params: Json) -> bool:
    """Whether a request wants one whole period instead of the next invoice."""
    return bool(params.get("preview_mode") == "recurring")


def as_preview(world: World, invoice: Json) -> Json:
    """An invoice under an id that leads nowhere, as if nobody had been asked to pay."""
    preview_id = world.new_id("upcoming_in_")
    for line in invoice["lines"]["data"]:
        line["invoice"] = preview_id
    invoice["lines"]["url"] = f"/v1/invoices/{preview_id}/lines"
    invoice.update(dict.fromkeys(_NOT_YET))
    invoice.update(
        id=preview_id,
        amount_overpaid=0,
        amount_paid=0,
        amount_remaining=invoice["amount_due"],
        attempt_count=0,
        attempted=False,
        auto_advance=False,
        billing_reason="upcoming",
        status="draft",
        status_transitions=dict.fromkeys(invoice["status_transitions"]),
    )
    return invoice


def nothing(customer: str) -> InvalidRequest:
    """The refusal where no invoice is to come."""
    return InvalidRequest(
        f"No upcoming invoices for customer: '{customer}'",
        code="invoice_upcoming_none",
        status=404,
    )
