"""Credit notes: taking back part of what a final invoice asked for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wagtail_billing_portal.sandbox.billing import (
    amounts,
    balances,
    bills,
    discounts,
    invoicing,
    payments,
    refunds,
    taxes,
)
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    assign,
    merge_metadata,
    only_one,
    supported,
)
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

KIND = "credit_note"
_LINE = (
    "amount",
    "description",
    "invoice_line_item",
    "metadata",
    "quantity",
    "type",
    "unit_amount",
    "unit_amount_decimal",
)
_WAYS = ("credit_amount", "out_of_band_amount", "refund_amount")


def create(world: World, params: Json) -> Json:
    """Issue a credit note: less to pay on an open invoice, money back on a paid one."""
    invoice = world.get("invoice", params["invoice"], param="invoice")
    if invoice["status"] not in ("open", "paid", "uncollectible"):
        raise InvalidRequest(
            "You can only create credit notes for open or paid invoices: this one is "
            f"{invoice['status']}.",
            param="invoice",
        )
    note = _draft(world, invoice, params)
    _check_amount(world, invoice, note)
    if invoice["status"] == "open":
        note.update(type="pre_payment", pre_payment_amount=note["amount"])
        world.add(note, "credit_note.created")
        _ask_less(world, invoice, note["amount"])
    else:
        note.update(type="post_payment", post_payment_amount=note["amount"])
        _give_back(world, invoice, note, params)
        world.add(note, "credit_note.created")
    return note


def void(world: World, note: Json) -> Json:
    """Take a credit note back, while its invoice waits to be paid."""
    invoice = world.get("invoice", note["invoice"])
    if note["status"] == "void" or invoice["status"] != "open":
        raise InvalidRequest(
            "You can only void an issued credit note of an open invoice.",
            param="id",
        )
    note.update(status="void", voided_at=world.now)
    world.save(note, "credit_note.voided")
    _ask_less(world, invoice, -note["amount"])
    return note


def _draft(world: World, invoice: Json, params: Json) -> Json:
    only_one(params, "amount", "lines")
    issued = world.find(KIND, invoice=invoice["id"])
    note_id = world.new_id("cn_")
    note = {
        **skeleton(KIND),
        "id": note_id,
        "amount_shipping": 0,
        "created": world.now,
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "discount_amount": 0,
        "effective_at": params.get("effective_at") or world.now,
        "invoice": invoice["id"],
        "metadata": {},
        "number": f"{invoice['number']}-CN-{len(issued) + 1:02d}",
        "pdf": invoice["invoice_pdf"],
        "post_payment_amount": 0,
        "pre_payment_amount": 0,
        "pretax_credit_amounts": [],
        "status": "issued",
    }
    assign(note, params, ("memo", "out_of_band_amount", "reason"))
    merge_metadata(note, params)
    _write_lines(world, invoice, note, params)
    return note


def _write_lines(world: World, invoice: Json, note: Json, params: Json) -> None:
    path = f"/v1/credit_notes/{note['id']}/lines"
    if "lines" in params:
        drawn = [
            _line(world, invoice, sent, f"lines[{index}]")
            for index, sent in enumerate(params["lines"] or [])
        ]
    else:
        whole = params.get("amount")
        if whole is None:
            whole = sum(params.get(name) or 0 for name in _WAYS)
        drawn = [_share_of_all(world, invoice, whole)]
    note["lines"] = {"object": "list", "data": drawn, "has_more": False, "url": path}
    within = taxes.sum_of(drawn, "inclusive")
    subtotal = sum(line["amount"] for line in drawn)
    off = sum(line["discount_amount"] for line in drawn)
    total = subtotal - off + taxes.sum_of(drawn, "exclusive")
    note.update(
        amount=total,
        discount_amount=off,
        discount_amounts=discounts.totals(drawn),
        subtotal=subtotal,
        subtotal_excluding_tax=subtotal - within,
        total=total,
        total_excluding_tax=subtotal - off - within,
        total_taxes=taxes.totals(drawn),
    )


def _share_of_all(world: World, invoice: Json, amount: int) -> Json:
    """A part of an invoice's total, tax included, as a single line."""
    parts = [_part_of(tax, amount, invoice["total"]) for tax in invoice["total_taxes"]]
    beside = sum(t["amount"] for t in parts if t["tax_behavior"] == "exclusive")
    return {
        **_blank_line(world),
        "amount": amount - beside,
        "quantity": 1,
        "taxes": parts,
        "unit_amount": amount - beside,
        "unit_amount_decimal": str(amount - beside),
    }


def _line(world: World, invoice: Json, sent: Json, param: str) -> Json:
    supported(sent, _LINE, param=param)
    line = _blank_line(world)
    assign(line, sent, ("description",))
    merge_metadata(line, sent)
    if sent["type"] == "custom_line_item":
        unit = Decimal(str(sent.get("unit_amount", sent.get("unit_amount_decimal", 0))))
        quantity = sent.get("quantity") or 1
        whole = amounts.whole(unit * quantity)
        line.update(quantity=quantity, unit_amount_decimal=amounts.plain(unit))
        line["unit_amount"] = int(unit) if unit == int(unit) else None
        return {**line, "amount": whole}
    source = bills.known_line(
        invoice, sent.get("invoice_line_item", ""), param=f"{param}[invoice_line_item]"
    )
    amount: int = sent.get("amount") or 0
    if "amount" not in sent:
        units: int = sent.get("quantity") or source["quantity"] or 1
        amount = amounts.share(source["amount"], part=units, of=source["quantity"] or 1)
        line["quantity"] = units
    whole = source["amount"] or 1
    off = [
        {**taken, "amount": amounts.share(taken["amount"], part=amount, of=whole)}
        for taken in source["discount_amounts"] or []
    ]
    line["description"] = line["description"] or source["description"]
    return {
        **line,
        "amount": amount,
        "discount_amount": sum(taken["amount"] for taken in off),
        "discount_amounts": off,
        "invoice_line_item": source["id"],
        "taxes": [_part_of(tax, amount, whole) for tax in source["taxes"]],
        "type": "invoice_line_item",
    }


def _part_of(tax: Json, amount: int, whole: int) -> Json:
    parts = {
        name: amounts.share(tax[name], part=amount, of=whole or 1)
        for name in ("amount", "taxable_amount")
    }
    return {**tax, **parts}


def _blank_line(world: World) -> Json:
    return {
        **skeleton("credit_note_line_item"),
        "id": world.new_id("cnli_"),
        "discount_amount": 0,
        "discount_amounts": [],
        "metadata": {},
        "pretax_credit_amounts": [],
        "tax_rates": [],
        "taxes": [],
        "type": "custom_line_item",
    }


def _check_amount(world: World, invoice: Json, note: Json) -> None:
    credited = sum(
        other["amount"]
        for other in world.find(KIND, invoice=invoice["id"], status="issued")
    )
    left = invoice["total"] - credited
    if invoice["status"] == "open":
        left = min(left, invoice["amount_remaining"])
    if note["amount"] <= 0:
        raise InvalidRequest(
            "The amount of a credit note must be greater than 0.", param="amount"
        )
    if note["amount"] > left:
        raise InvalidRequest(
            f"The amount of the credit note ({note['amount']}) is more than what is left "
            f"of the invoice ({left}).",
            param="amount",
        )


def _ask_less(world: World, invoice: Json, amount: int) -> None:
    invoice["amount_due"] -= amount
    invoice["amount_remaining"] -= amount
    invoice["pre_payment_credit_notes_amount"] += amount
    world.save(invoice, "invoice.updated")
    if invoice["amount_remaining"]:
        invoicing.ask_for_the_rest(world, invoice)
    else:
        for due in world.find("invoice_payment", invoice=invoice["id"], status="open"):
            invoicing.call_off(world, due, reason="automatic")
        payments.mark_paid(world, invoice, automatic=False)


def _give_back(world: World, invoice: Json, note: Json, params: Json) -> None:
    ways = {name: params.get(name) or 0 for name in _WAYS}
    made = params.get("refunds") or []
    known = sum(
        _amount_of(world, invoice, sent, index) for index, sent in enumerate(made)
    )
    if not any(ways.values()) and not known and not note["amount"]:
        return
    given = sum(ways.values()) + known
    if given != note["amount"]:
        raise InvalidRequest(
            "The sum of credit amount, refund amount and out of band amount "
            f"({given}) must equal the credit note amount ({note['amount']}).",
        )
    note["refunds"] = [
        {
            "amount_refunded": _amount_of(world, invoice, sent, index),
            "payment_record_refund": None,
            "refund": sent.get("refund"),
            "type": "refund",
        }
        for index, sent in enumerate(made)
    ]
    if ways["refund_amount"]:
        note["refunds"].append(_refund(world, invoice, note, ways["refund_amount"]))
    moved = balances.change(
        world,
        invoice["customer"],
        -ways["credit_amount"],
        type="credit_note",
        currency=invoice["currency"],
        credit_note=note["id"],
        invoice=invoice["id"],
    )
    note["customer_balance_transaction"] = moved["id"] if moved else None
    stored = world.get("invoice", invoice["id"])
    stored["post_payment_credit_notes_amount"] += note["amount"]
    world.save(stored, "invoice.updated")


def _refund(world: World, invoice: Json, note: Json, amount: int) -> Json:
    intent = invoicing.intent_of(world, invoice)
    if intent is None:
        raise InvalidRequest(
            "This invoice was not paid by a charge: nothing can be refunded.",
            param="refund_amount",
        )
    made: Any = refunds.create(
        world,
        payment_intent=intent["id"],
        amount=amount,
        reason="requested_by_customer",
        metadata=None,
    )
    return {
        "amount_refunded": amount,
        "payment_record_refund": None,
        "refund": made["id"],
        "type": "refund",
    }


def _amount_of(world: World, invoice: Json, sent: Json, index: int) -> int:
    param = f"refunds[{index}][refund]"
    refund = world.get("refund", sent["refund"], param=param)
    payments_made = world.find("invoice_payment", invoice=invoice["id"])
    paid_by = {made["payment"].get("payment_intent") for made in payments_made}
    if refund["payment_intent"] not in paid_by:
        raise InvalidRequest(
            f"The refund {refund['id']} is not of this invoice's payment.", param=param
        )
    return int(sent.get("amount_refunded") or refund["amount"])
