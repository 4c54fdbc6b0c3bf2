"""Invoices while they are drafts."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    customer_discounts,
    discounts,
    taxes,
)
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.periods import DAY, HOUR
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.world import World

_SMALLEST = {"gbp": 30, "usd": 50, "eur": 50, "aud": 50, "cad": 50, "chf": 50}
_CUSTOMER_FIELDS = ("address", "email", "name", "phone", "shipping", "tax_exempt")


def draft(
    world: World,
    subscription: Json,
    lines: list[Json],
    *,
    reason: str,
    since: int | None = None,
    invoice_id: str | None = None,
) -> Json:
    """A new invoice for a subscription; it may still change for an hour."""
    invoice = {
        **blank(world, invoice_id or world.new_id("in_")),
        "billing_reason": reason,
        "collection_method": subscription["collection_method"],
        "currency": subscription["currency"],
        "customer": subscription["customer"],
        **_inherited(world, subscription),
        "parent": _parent(subscription),
        "period_start": world.now if since is None else since,
        "_sandbox": {"days_until_due": subscription["days_until_due"]},
    }
    for line in lines:
        line["invoice"] = invoice["id"]
    invoice["lines"] = {
        "object": "list",
        "data": lines,
        "has_more": False,
        "url": f"/v1/invoices/{invoice['id']}/lines",
    }
    if subscription["collection_method"] == "send_invoice":
        invoice["due_date"] = world.now + (subscription["days_until_due"] or 0) * DAY
    refresh(world, invoice)
    return invoice


def refresh(world: World, invoice: Json) -> None:
    """Bring a draft's customer details and sums up to date.

    The one place where an invoice's sums come from: lines, less discounts, with
    taxes, against the customer's balance.
    """
    customer = world.get("customer", invoice["customer"])
    for name in _CUSTOMER_FIELDS:
        invoice[f"customer_{name}"] = customer[name]
    invoice["customer_tax_ids"] = [
        {"type": tax_id["type"], "value": tax_id["value"]}
        for tax_id in reversed(world.find("tax_id", customer=customer["id"]))
    ]
    _share_discounts(world, invoice)
    _tax(world, invoice)
    _add_up(invoice)
    due, _ = settle_with_balance(
        invoice["total"], customer["balance"], invoice["currency"]
    )
    invoice.update(
        amount_due=due,
        amount_remaining=due,
        starting_balance=customer["balance"],
    )


def _share_discounts(world: World, invoice: Json) -> None:
    lines = invoice["lines"]["data"]
    good = discounts.in_force(world, invoice["discounts"], invoice["created"])
    at, currency = invoice["created"], invoice["currency"]
    discounts.share(world, lines, good, currency, at=at)
    invoice["total_discount_amounts"] = discounts.totals(lines)


def _tax(world: World, invoice: Json) -> None:
    taxes.apply(
        world,
        invoice,
        invoice["lines"]["data"],
        default_rates=[rate["id"] for rate in invoice["default_tax_rates"]],
        automatic=invoice["automatic_tax"]["enabled"],
    )
    invoice["total_taxes"] = taxes.totals(invoice["lines"]["data"])


def _add_up(invoice: Json) -> None:
    lines = invoice["lines"]["data"]
    subtotal = sum(line["amount"] for line in lines)
    off = sum(taken["amount"] for taken in invoice["total_discount_amounts"])
    within = taxes.sum_of(lines, "inclusive")
    invoice.update(
        subtotal=subtotal,
        subtotal_excluding_tax=subtotal - within,
        total=subtotal - off + taxes.sum_of(lines, "exclusive"),
        total_excluding_tax=subtotal - off - within,
    )


def hold_for_an_hour(world: World, invoice: Json) -> None:
    """Leave a draft open to changes before it finalizes itself."""
    invoice["automatically_finalizes_at"] = world.now + HOUR
    world.private(invoice)["due_at"] = world.now + HOUR


def settle_with_balance(total: int, balance: int, currency: str) -> tuple[int, int]:
    """What is due, and the customer's balance after it."""
    due = total + balance
    if due <= 0:
        return 0, due
    if due < _SMALLEST.get(currency, 0):
        return 0, due
    return due, 0


def blank(world: World, invoice_id: str) -> Json:
    """An invoice about nothing yet."""
    nothing = (
        "amount_overpaid",
        "amount_paid",
        "amount_shipping",
        "attempt_count",
        "post_payment_credit_notes_amount",
        "pre_payment_credit_notes_amount",
    )
    empty = (
        "customer_tax_ids",
        "total_discount_amounts",
        "total_pretax_credit_amounts",
        "total_taxes",
    )
    return {
        **skeleton("invoice"),
        **dict.fromkeys(nothing, 0),
        **{name: [] for name in empty},
        "default_tax_rates": [],
        "discounts": [],
        "id": invoice_id,
        "account_country": "US",
        "auto_advance": True,
        "created": world.now,
        "issuer": {"type": "self"},
        "period_end": world.now,
        "status": "draft",
    }


def _inherited(world: World, subscription: Json) -> Json:
    """What an invoice takes over from the subscription that it is for."""
    off = list(subscription["discounts"] or [])
    if not any(item["discounts"] for item in subscription["items"]["data"]):
        off = off or customer_discounts.inherited(world, subscription["customer"])
    automatic = subscription["automatic_tax"]["enabled"]
    settings = subscription["invoice_settings"]
    printed = {
        name: settings[name]
        for name in ("custom_fields", "description", "footer")
        if settings.get(name)
    }
    return {
        **printed,
        "automatic_tax": {
            **skeleton("invoice", "automatic_tax"),
            "enabled": automatic,
            "liability": {"type": "self"} if automatic else None,
        },
        "default_tax_rates": list(subscription["default_tax_rates"] or []),
        "discounts": off,
    }


def _parent(subscription: Json) -> Json:
    return {
        "quote_details": None,
        "subscription_details": {
            "metadata": dict(subscription["metadata"]),
            "subscription": subscription["id"],
        },
        "type": "subscription_details",
    }
