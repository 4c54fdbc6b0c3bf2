"""What was charged for an item's current period, to be given back by the day.

Kept with the item: which invoice lines or invoice items asked for money, and for when.
Their amounts are looked up only when something is given back, because until then
they may have been discounted, changed, deleted or voided.
"""

from __future__ import annotations

from typing import NamedTuple

from wagtail_billing_portal.sandbox.billing import amounts
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.world import World


class Unused(NamedTuple):
    """What an item was charged for the time after a moment."""

    gross: int
    net: int
    origin: Json | None
    discounts: dict[str, int]


_NOTHING = Unused(0, 0, None, {})


def record(item: Json, entries: list[Json]) -> None:
    """Note what an item is charged from now on, instead of what it was before."""
    # A new dictionary: the item as it was before a change may share the old one.
    item["_sandbox"] = {**item.get("_sandbox", {}), "debits": entries}


def cut(item: Json, until: int) -> None:
    """Note that what lies after ``until`` has been given back."""
    entries = item.get("_sandbox", {}).get("debits")
    if entries is not None:
        cut_off = [{**one, "until": min(one["until"], until)} for one in entries]
        record(item, cut_off)


def by_lines(invoice: str | None, lines: list[Json]) -> list[Json]:
    """A charge by the lines of an invoice, which all cover the same time."""
    if not lines:
        return []
    period = lines[0]["period"]
    ids = [line["id"] for line in lines]
    return [{**_lasting(period), "invoice": invoice, "lines": ids}]


def by_item(invoice_item: Json) -> Json:
    """A charge by an invoice item."""
    return {**_lasting(invoice_item["period"]), "invoice_item": invoice_item["id"]}


def billed_by(item: Json, invoice: str) -> None:
    """Tell which invoice the lines that were just drawn up came to be on."""
    for entry in item.get("_sandbox", {}).get("debits", []):
        if "lines" in entry and entry["invoice"] is None:
            entry["invoice"] = invoice


def are_known(item: Json) -> bool:
    """Whether it was noted what an item was charged."""
    return "debits" in item.get("_sandbox", {})


def unused(world: World, item: Json, at: int) -> Unused:
    """What an item was charged for the time from ``at`` on."""
    parts = [_part(world, entry, at) for entry in item["_sandbox"]["debits"]]
    found = [part for part in parts if part is not _NOTHING]
    discounts: dict[str, int] = {}
    for part in found:
        for discount, amount in part.discounts.items():
            discounts[discount] = discounts.get(discount, 0) + amount
    return Unused(
        gross=sum(part.gross for part in found),
        net=sum(part.net for part in found),
        origin=found[0].origin if found else None,
        discounts=discounts,
    )


def _part(world: World, entry: Json, at: int) -> Unused:
    left = entry["until"] - max(at, entry["start"])
    if left <= 0:
        return _NOTHING
    whole = (
        _of_item(world, entry) if "invoice_item" in entry else _of_lines(world, entry)
    )
    length = entry["end"] - entry["start"]

    def share(amount: int) -> int:
        return amounts.share(amount, part=left, of=length)

    return Unused(
        gross=share(whole.gross),
        net=share(whole.net),
        origin=whole.origin,
        discounts={id: share(amount) for id, amount in whole.discounts.items()},
    )


def _of_item(world: World, entry: Json) -> Unused:
    found = world.find("invoiceitem", id=entry["invoice_item"])
    if not found:
        return Unused(0, 0, None, {})
    item = found[0]
    taken = (item.get("proration_details") or {}).get("discount_amounts", [])
    amount, net = item["amount"], item["net_amount"]
    origin = {"invoice_item": item["id"], "type": "invoice_item"}
    if item["invoice"]:
        invoice = _standing(world, item["invoice"])
        if invoice is None:
            return Unused(0, 0, None, {})
        lines = [
            line["id"]
            for line in invoice["lines"]["data"]
            if _comes_from(line) == item["id"]
        ]
        origin = _lines_of(invoice["id"], lines)
    return Unused(amount, net, _complete(origin), _by_discount(taken))


def _of_lines(world: World, entry: Json) -> Unused:
    invoice = _standing(world, entry["invoice"])
    if invoice is None:
        return Unused(0, 0, None, {})
    lines = [line for line in invoice["lines"]["data"] if line["id"] in entry["lines"]]
    taken = [one for line in lines for one in line["discount_amounts"]]
    gross = sum(line["amount"] for line in lines)
    net = gross - sum(one["amount"] for one in taken)
    origin = _complete(_lines_of(invoice["id"], [line["id"] for line in lines]))
    return Unused(gross, net, origin, _by_discount(taken))


def _standing(world: World, invoice: str | None) -> Json | None:
    found = world.find("invoice", id=invoice) if invoice else []
    return found[0] if found and found[0]["status"] != "void" else None


def _comes_from(line: Json) -> str | None:
    details = (line["parent"] or {}).get("invoice_item_details") or {}
    found: str | None = details.get("invoice_item")
    return found


def _lines_of(invoice: str, lines: list[str]) -> Json:
    details = {"invoice": invoice, "invoice_line_items": lines}
    return {"invoice_line_item_details": details, "type": "invoice_line_items"}


def _complete(origin: Json) -> Json:
    return {"invoice_item": None, "invoice_line_item_details": None, **origin}


def _by_discount(taken: list[Json]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for one in taken:
        sums[one["discount"]] = sums.get(one["discount"], 0) + one["amount"]
    return sums


def _lasting(period: Json) -> Json:
    return {"end": period["end"], "start": period["start"], "until": period["end"]}
