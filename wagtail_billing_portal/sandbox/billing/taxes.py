"""Taxes on invoice lines: explicit rates, or a country's own."""

from __future__ import annotations

from decimal import Decimal

from wagtail_billing_portal.sandbox.billing import tax_ids, tax_table
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.rounding import whole
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

_FREE = {"exempt": "customer_exempt", "reverse": "reverse_charge"}


def read(world: World, sent: list[str] | str, *, param: str) -> list[Json]:
    """The tax rates that a request names, as objects; each must be in use."""
    found = [world.get("tax_rate", rate, param=param) for rate in sent or []]
    for rate in found:
        if not rate["active"]:
            raise InvalidRequest(
                f"The tax rate {rate['id']} is inactive and cannot be used.",
                param=param,
            )
    return found


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
    count. Where tax is automatic, the customer's country decides, and the invoice's
    ``automatic_tax.status`` says whether it could.
    """
    exempt = invoice["customer_tax_exempt"] or "none"
    if automatic:
        _apply_automatic(world, invoice, lines, exempt)
        return
    for line in lines:
        ids = world.private(line).get("tax_rates") or default_rates
        rates = [world.get("tax_rate", id) for id in ids]
        reason = _FREE.get(exempt, "not_available")
        line["taxes"] = taxes_on(taxable_of(line), rates, reason=reason)


def totals(lines: list[Json]) -> list[Json]:
    """An invoice's ``total_taxes``: the lines' taxes, summed up by rate and reason."""
    sums: dict[tuple[object, ...], Json] = {}
    for line in lines:
        for tax in line["taxes"] or []:
            rate = tax["tax_rate_details"]["tax_rate"]
            key = (rate, tax["tax_behavior"], tax["taxability_reason"])
            if key not in sums:
                sums[key] = {**tax, "amount": 0, "taxable_amount": 0}
            sums[key]["amount"] += tax["amount"]
            sums[key]["taxable_amount"] += tax["taxable_amount"]
    return list(sums.values())


def sum_of(lines: list[Json], behavior: str) -> int:
    """What is taxed in all: ``exclusive`` on top of the lines, ``inclusive`` in them."""
    return sum(
        tax["amount"]
        for line in lines
        for tax in line["taxes"] or []
        if tax["tax_behavior"] == behavior
    )


def taxable_of(line: Json) -> int:
    """What of a line is left to tax."""
    off = sum(taken["amount"] for taken in line["discount_amounts"] or [])
    return int(line["amount"] - off)


def taxes_on(amount: int, rates: list[Json], *, reason: str) -> list[Json]:
    """The tax of each rate; inclusive ones are taken out of the amount first."""
    inclusive = sum(percentage_of(rate) for rate in rates if rate["inclusive"])
    net = Decimal(amount) * 100 / (100 + inclusive)
    return [_tax(rate, net, reason) for rate in rates]


def percentage_of(rate: Json) -> Decimal:
    """How much of a hundred a rate takes."""
    return Decimal(str(rate["percentage"]))


def country_of(invoice: Json) -> str | None:
    """Where an invoice's customer is, as far as taxes are concerned."""
    shipping = (invoice["customer_shipping"] or {}).get("address") or {}
    address = invoice["customer_address"] or {}
    country = shipping.get("country") or address.get("country")
    return str(country) if country else None


def _apply_automatic(
    world: World, invoice: Json, lines: list[Json], exempt: str
) -> None:
    country = country_of(invoice)
    if invoice["automatic_tax"]["enabled"]:
        status = "complete" if country else "requires_location_inputs"
        invoice["automatic_tax"]["status"] = status
    for line in lines:
        line["taxes"] = []
        if country:
            reason = _reason(world, invoice["customer"], country, exempt)
            inclusive = _behavior(world, line, invoice["currency"]) == "inclusive"
            rate = tax_table.rate_for(world, country, inclusive=inclusive)
            line["taxes"] = taxes_on(taxable_of(line), [rate], reason=reason)


def _reason(world: World, customer: str, country: str, exempt: str) -> str:
    if exempt in _FREE:
        return _FREE[exempt]
    if country not in tax_table.RATES:
        return "not_collecting"
    if tax_ids.is_verified_abroad(world, customer, country):
        return "reverse_charge"
    return "standard_rated"


def _behavior(world: World, line: Json, currency: str) -> str:
    """A line's own tax behavior, or that of its price; unspecified is exclusive."""
    if behavior := world.private(line).get("tax_behavior"):
        return str(behavior)
    details = (line["pricing"] or {}).get("price_details")
    if details is None:
        return "exclusive"
    price = world.get("price", details["price"])
    option = price["_sandbox"]["currency_options"].get(currency) or price
    return str(option["tax_behavior"] or "exclusive")


def _tax(rate: Json, net: Decimal, reason: str) -> Json:
    free = reason not in ("standard_rated", "not_available")
    return {
        "amount": 0 if free else whole(net * percentage_of(rate) / 100),
        "tax_behavior": "inclusive" if rate["inclusive"] else "exclusive",
        "tax_rate_details": {"tax_rate": rate["id"]},
        "taxability_reason": reason,
        "taxable_amount": 0 if free else whole(net),
        "type": "tax_rate_details",
    }
