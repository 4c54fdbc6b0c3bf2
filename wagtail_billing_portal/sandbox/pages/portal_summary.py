"""What a change of a subscription comes to, in the words of the portal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from wagtail_billing_portal.sandbox.billing.portal_updates import (
    Choice,
    Preview,
    item_of,
)
from wagtail_billing_portal.sandbox.pages.document import (
    Line,
    Row,
    document_of,
    products_of,
)
from wagtail_billing_portal.sandbox.pages.money import format_amount
from wagtail_billing_portal.sandbox.pages.rates import rate_of
from wagtail_billing_portal.sandbox.pages.visit import Visit
from wagtail_billing_portal.sandbox.pages.words import card_label, on_date

Json = dict[str, Any]


@dataclass(frozen=True)
class Summary:
    """Before and after, what is due today and what comes next."""

    facts: list[Row]
    sentences: list[str]
    lines: list[Line]
    totals: list[Row]
    button: str


def summary_of(
    visit: Visit, subscription: Json, choice: Choice, preview: Preview
) -> Summary:
    """What somebody confirms."""
    due = (preview.now or {}).get("amount_due") or 0
    currency = subscription["currency"]
    button = gettext("Confirm")
    if due:
        amount = format_amount(due, currency)
        button = gettext("Confirm and pay %(amount)s") % {"amount": amount}
    return Summary(
        facts=_facts(visit, subscription, choice, preview),
        sentences=[_today(preview), *_then(preview, subscription)],
        **bill_parts(visit, preview.now),
        button=button,
    )


def bill_parts(visit: Visit, invoice: Json | None) -> dict[str, Any]:
    """The lines and sums of an invoice that does not exist yet."""
    if invoice is None or not invoice["lines"]["data"]:
        return {"lines": [], "totals": []}
    names = {product: visit.product_name(product) for product in products_of(invoice)}
    document = document_of(invoice, seller=[], names=names)
    amount = format_amount(invoice["amount_due"], invoice["currency"])
    due = Row(gettext("Amount due"), amount, strong=True)
    steps = [row for row in document.totals[:-1] if row.value != amount]
    return {"lines": document.lines, "totals": [*steps, due]}


def next_payment(invoice: Json | None) -> str:
    """When money is taken next, and how much."""
    if invoice is None:
        return ""
    said = {
        "amount": format_amount(invoice["amount_due"], invoice["currency"]),
        "date": on_date(invoice["created"]),
    }
    return gettext("The next payment is %(amount)s on %(date)s.") % said


def paying_with(visit: Visit, subscription: Json) -> Row | None:
    """What a subscription is charged to."""
    if method := visit.method_of(subscription):
        return Row(gettext("Paid with"), card_label(method))
    return None


def _facts(
    visit: Visit, subscription: Json, choice: Choice, preview: Preview
) -> list[Row]:
    old, currency = item_of(subscription), subscription["currency"]
    new = visit.world.get("price", choice.price)
    starts = on_date(preview.starts) if preview.starts else gettext("Now")
    rows = [
        Row(gettext("So far"), _plan(visit, old["price"], currency, old["quantity"])),
        Row(gettext("New"), _plan(visit, new, currency, choice.quantity), strong=True),
        Row(gettext("Starts"), starts),
    ]
    if choice.discounts:
        rows.append(Row(gettext("Discount"), visit.discount_name(choice.discounts[0])))
    paid = paying_with(visit, subscription)
    return [*rows, paid] if paid else rows


def _plan(visit: Visit, price: Json, currency: str, quantity: int) -> str:
    name = visit.product_name(price["product"])
    return f"{name}, {rate_of(price, currency, quantity)}"


def _today(preview: Preview) -> str:
    if preview.starts is not None:
        return gettext("Nothing is due today. Until then everything stays as it is.")
    if preview.now is None:
        return gettext("Nothing is due today.")
    return ""


def _then(preview: Preview, subscription: Json) -> list[str]:
    said = []
    ends_trial = subscription["status"] == "trialing" and preview.now is not None
    if ends_trial:
        said.append(gettext("Your trial ends with this change."))
    pending = preview.next and any(
        (((line["parent"] or {}).get("invoice_item_details")) or {}).get("proration")
        for line in preview.next["lines"]["data"]
    )
    said.append(next_payment(preview.next))
    if pending:
        said.append(
            gettext("That includes what this change costs or gives back until then.")
        )
    return said
