"""An invoice as a document: what its page and its PDF both show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from wagtail_billing_portal.sandbox.pages.money import format_amount
from wagtail_billing_portal.sandbox.pages.words import (
    INVOICE_STATES,
    address_lines,
    on_date,
    period,
)


@dataclass(frozen=True)
class Row:
    """A label with its value, a sum at the foot when it is strong."""

    label: str
    value: str
    strong: bool = False


@dataclass(frozen=True)
class Line:
    """One thing that was sold."""

    description: str
    period: str
    quantity: str
    unit_price: str
    amount: str


@dataclass(frozen=True)
class Payment:
    """Money that arrived: when, how, how much."""

    date: str
    method: str
    amount: str
    receipt_url: str = ""


@dataclass(frozen=True)
class InvoiceDocument:
    """Everything printed on an invoice, in the active language."""

    number: str
    status: str
    state: str
    tone: str
    headline: str
    facts: list[Row]
    seller: list[str]
    customer: list[str]
    lines: list[Line]
    totals: list[Row]
    payments: list[Payment]
    description: str
    footer: str

    @property
    def title(self) -> str:
        return gettext("Invoice %(number)s") % {"number": self.number}

    @property
    def filename(self) -> str:
        return f"Invoice-{self.number}.pdf"


def document_of(
    invoice: dict[str, Any],
    *,
    seller: list[str],
    names: Mapping[str, str],
    payments: Iterable[Payment] = (),
) -> InvoiceDocument:
    """What there is to print about ``invoice``; ``names`` are the products'."""
    state, tone = INVOICE_STATES[invoice["status"]]
    return InvoiceDocument(
        number=invoice["number"] or invoice["id"],
        status=invoice["status"],
        state=str(state),
        tone=tone,
        headline=_headline(invoice),
        facts=_facts(invoice),
        seller=seller,
        customer=_customer(invoice),
        lines=[_line(line, names) for line in invoice["lines"]["data"]],
        totals=_totals(invoice),
        payments=list(payments),
        description=invoice["description"] or "",
        footer=invoice["footer"] or "",
    )


def _headline(invoice: dict[str, Any]) -> str:
    currency, moments = invoice["currency"], invoice["status_transitions"]
    due = format_amount(invoice["amount_remaining"], currency)
    total = format_amount(invoice["total"], currency)
    match invoice["status"]:
        case "paid":
            return gettext("%(amount)s paid on %(date)s") % {
                "amount": format_amount(invoice["amount_paid"], currency),
                "date": on_date(moments["paid_at"] or invoice["created"]),
            }
        case "void":
            return gettext("%(amount)s, not due: this invoice was cancelled") % {
                "amount": total
            }
        case "open" | "uncollectible" if invoice["due_date"]:
            return gettext("%(amount)s due by %(date)s") % {
                "amount": due,
                "date": on_date(invoice["due_date"]),
            }
        case _:
            return gettext("%(amount)s due") % {"amount": due}


def _facts(invoice: dict[str, Any]) -> list[Row]:
    moments = invoice["status_transitions"]
    dates = [
        (gettext("Date of issue"), moments["finalized_at"] or invoice["created"]),
        (gettext("Date due"), invoice["due_date"]),
        (gettext("Paid"), moments["paid_at"]),
        (gettext("Voided"), moments["voided_at"]),
    ]
    facts = [Row(gettext("Invoice number"), invoice["number"] or invoice["id"])]
    return facts + [Row(label, on_date(moment)) for label, moment in dates if moment]


def _customer(invoice: dict[str, Any]) -> list[str]:
    tax_ids = invoice.get("customer_tax_ids") or []
    lines = [
        invoice["customer_name"],
        *address_lines(invoice["customer_address"]),
        invoice["customer_email"],
        *(tax_id["value"] for tax_id in tax_ids),
    ]
    return [line for line in lines if line]


def products_of(invoice: dict[str, Any]) -> set[str]:
    """The ids of what an invoice is for."""
    products = (_product(line) for line in invoice["lines"]["data"])
    return {product for product in products if product}


def _line(line: dict[str, Any], names: Mapping[str, str]) -> Line:
    currency, quantity = line["currency"], line["quantity"]
    unit = ((line.get("pricing") or {}).get("unit_amount_decimal")) or None
    span = line["period"]
    return Line(
        description=_description(line, names),
        period=period(span["start"], span["end"]),
        quantity="" if quantity is None else str(quantity),
        unit_price=format_amount(Decimal(unit), currency) if unit else "",
        amount=format_amount(line["amount"], currency),
    )


def _description(line: dict[str, Any], names: Mapping[str, str]) -> str:
    """The product's name, beside the columns; a proration needs its sentence."""
    parent = line.get("parent") or {}
    ordered = parent.get("subscription_item_details") or {}
    name = names.get(_product(line))
    if name and ordered and not ordered.get("proration"):
        return name
    return line["description"] or gettext("Item")


def _product(line: dict[str, Any]) -> str:
    details = (line.get("pricing") or {}).get("price_details") or {}
    return details.get("product") or ""


def _totals(invoice: dict[str, Any]) -> list[Row]:
    currency = invoice["currency"]
    discounts = invoice.get("total_discount_amounts") or []
    taxes = invoice.get("total_taxes") or []
    paid, starting = invoice["amount_paid"], invoice["starting_balance"]
    rows = [(gettext("Subtotal"), invoice["subtotal"], False)]
    rows += [(gettext("Discount"), -each["amount"], False) for each in discounts]
    rows += [(_tax_label(each), each["amount"], False) for each in taxes]
    rows += [(gettext("Total"), invoice["total"], True)]
    if starting:
        applied = (invoice.get("ending_balance") or 0) - starting
        rows += [(gettext("Applied balance"), -applied, False)]
    if paid and invoice["amount_remaining"]:
        rows += [(gettext("Already paid"), -paid, False)]
    if invoice["status"] == "paid":
        rows += [(gettext("Amount paid"), paid, True)]
    elif invoice["status"] != "void":
        rows += [(gettext("Amount due"), invoice["amount_remaining"], True)]
    return [
        Row(label, format_amount(amount, currency), strong)
        for label, amount, strong in rows
    ]


def _tax_label(tax: dict[str, Any]) -> str:
    if tax.get("tax_behavior") == "inclusive":
        return gettext("Tax (included)")
    return gettext("Tax")
