"""Taxes on invoice lines: explicit rates, or a country's own."""

from __future__ import annotations

from decimal import Decimal

from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.rounding import whole
from wagtail_billing_portal.sandbox.world import World


def apply(
    world: World,
    invoice: Json,
    lines: list[Json],
    *,
    default_rates: list[str],
    automatic: bool,
) -> None:
    """Fill in what each line is taxed, after its discounts.

    A line's own rates stand under ``line["_sandbox"]["tax_rates"]``; else the defaults
    count, else the country's rate where tax is automatic.
    """
    for line in lines:
        ids = world.private(line).get("tax_rates") or default_rates
        rates = [world.get("tax_rate", id) for id in ids]
        exempt = invoice["customer_tax_exempt"] or "none"
        line["taxes"] = taxes_on(taxable_of(line), rates, exempt=exempt)


def taxable_of(line: Json) -> int:
    """What of a line is left to tax."""
    off = sum(taken["amount"] for taken in line["discount_amounts"] or [])
    return int(line["amount"]) - off


def taxes_on(amount: int, rates: list[Json], *, exempt: str) -> list[Json]:
    """The tax of each rate; inclusive ones are taken out of the amount first."""
    inclusive = sum(percentage_of(rate) for rate in rates if rate["inclusive"])
    net = Decimal(amount) * 100 / (100 + inclusive)
    return [_tax(rate, net, exempt) for rate in rates]


def percentage_of(rate: Json) -> Decimal:
    """How much of a hundred a rate takes."""
    return Decimal(str(rate["percentage"]))


def _tax(rate: Json, net: Decimal, exempt: str) -> Json:
    free = exempt in ("exempt", "reverse")
    amount = 0 if free else whole(net * percentage_of(rate) / 100)
    reasons = {"exempt": "customer_exempt", "reverse": "reverse_charge"}
    return {
        "amount": amount,
        "tax_behavior": "inclusive" if rate["inclusive"] else "exclusive",
        "tax_rate_details": {"tax_rate": rate["id"]},
        "taxability_reason": reasons.get(exempt, "standard_rated"),
        "taxable_amount": whole(net),
        "type": "tax_rate_details",
    }
