"""What a Checkout Session sells, in the words of its payment page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext, ngettext

from wagtail_billing_portal.sandbox.billing import amounts
from wagtail_billing_portal.sandbox.pages.document import Row
from wagtail_billing_portal.sandbox.pages.money import format_amount
from wagtail_billing_portal.sandbox.pages.rates import unit_of
from wagtail_billing_portal.sandbox.pages.words import on_date, rate

Json = dict[str, Any]


@dataclass(frozen=True)
class OrderLine:
    """One thing in the basket."""

    name: str
    detail: str
    amount: str


@dataclass(frozen=True)
class Order:
    """What the payer reads before paying, in the active language."""

    heading: str
    form_heading: str
    button: str
    price: str = ""
    then: str = ""
    terms: str = ""
    promise: str = ""
    lines: list[OrderLine] = field(default_factory=list)
    totals: list[Row] = field(default_factory=list)


def order_of(
    session: Json, items: list[Json], *, names: dict[str, str], trial_end: int | None
) -> Order:
    """The order behind ``session``; ``names`` are the products' by their ids."""
    if session["mode"] == "setup":
        return _saving(session)
    lines = [_line(item, names) for item in items]
    totals = _totals(session)
    if session["mode"] == "payment":
        return _paying_once(session, lines, totals)
    return _subscribing(session, items, lines, totals, trial_end)


def needs_card(session: Json) -> bool:
    """Whether the page asks for a card at all."""
    if session["mode"] == "setup" or session["amount_total"]:
        return True
    return bool(session["payment_method_collection"] != "if_required")


def _saving(session: Json) -> Order:
    if session["payment_method_types"] != ["card"]:
        return Order(
            heading=gettext("Save a payment method"),
            then=gettext("It is kept for later payments. Nothing is charged now."),
            form_heading=gettext("Your payment method"),
            button=gettext("Save"),
        )
    return Order(
        heading=gettext("Save a card"),
        then=gettext("It is kept for later payments. Nothing is charged now."),
        form_heading=gettext("Your card"),
        button=gettext("Save card"),
    )


def _paying_once(session: Json, lines: list[OrderLine], totals: list[Row]) -> Order:
    amount = _due_today(session)
    one = lines[0].name if len(lines) == 1 else gettext("Your order")
    return Order(
        heading=one,
        price=amount,
        form_heading=_form_heading(session),
        button=_paying_words(session) % {"amount": amount},
        lines=lines,
        totals=totals,
    )


def _paying_words(session: Json) -> str:
    """What the button says: a gift or a booking is not simply paid."""
    if not session["amount_total"]:
        return gettext("Complete the order")
    match session.get("submit_type"):
        case "donate":
            return gettext("Donate %(amount)s")
        case "book":
            return gettext("Book and pay %(amount)s")
    return gettext("Pay %(amount)s")


def _subscribing(
    session: Json,
    items: list[Json],
    lines: list[OrderLine],
    totals: list[Row],
    trial_end: int | None,
) -> Order:
    recurring = _recurring_rate(items)
    amount = _due_today(session)
    if trial_end:
        then = gettext("Then %(rate)s, from %(date)s") % {
            "rate": recurring,
            "date": on_date(trial_end),
        }
        price, button = gettext("Free trial"), gettext("Start free trial")
        terms = gettext("Cancel before that day and you pay nothing.")
    else:
        price, then = _with_tax(recurring, session), ""
        terms = gettext("It renews by itself until you cancel.")
        button = gettext("Subscribe")
        if session["amount_total"]:
            button = gettext("Pay %(amount)s and subscribe") % {"amount": amount}
    return Order(
        heading=_heading(lines),
        price=price,
        then=then,
        terms=terms,
        form_heading=_form_heading(session),
        button=button,
        lines=lines,
        totals=totals,
    )


def _heading(lines: list[OrderLine]) -> str:
    if len(lines) != 1:
        return gettext("Subscribe")
    return gettext("Subscribe to %(name)s") % {"name": lines[0].name}


def _form_heading(session: Json) -> str:
    if not needs_card(session):
        return gettext("Your details")
    if session["payment_method_types"] == ["card"]:
        return gettext("Pay by card")
    return gettext("Payment")


def _due_today(session: Json) -> str:
    return format_amount(session["amount_total"] or 0, session["currency"])


def _line(item: Json, names: dict[str, str]) -> OrderLine:
    price, quantity = item["price"], item["quantity"] or 1
    details = []
    if price.get("recurring"):
        each = rate(unit_of(price, item["currency"]), price["recurring"])
        details.append(each)
    elif quantity > 1:
        details.append(unit_of(price, item["currency"]))
    if quantity > 1:
        counted = ngettext("Quantity %(count)s", "Quantity %(count)s", quantity)
        details.insert(0, counted % {"count": quantity})
    return OrderLine(
        name=names.get(price["product"]) or item["description"],
        detail=" × ".join(details) if len(details) > 1 else "".join(details),
        amount=format_amount(item["amount_subtotal"], item["currency"]),
    )


def _with_tax(recurring: str, session: Json) -> str:
    if not _tax_beside(session):
        return recurring
    return gettext("%(rate)s plus tax") % {"rate": recurring}


def _tax_beside(session: Json) -> int:
    """The tax that comes on top of the prices, in minor units."""
    less = (session["total_details"] or {}).get("amount_discount") or 0
    return int(session["amount_total"] - session["amount_subtotal"] + less)


def _recurring_rate(items: list[Json]) -> str:
    """What comes again: "€12.00 a month", summed when all share one rhythm."""
    sums: dict[tuple[str, int], int] = {}
    for item in items:
        if recurring := item["price"].get("recurring"):
            rhythm = (recurring["interval"], recurring["interval_count"])
            quantity = item["quantity"] or 1
            amount = amounts.line_amount(item["price"], item["currency"], quantity)
            sums[rhythm] = sums.get(rhythm, 0) + amount
    currency = items[0]["currency"]
    return " + ".join(
        rate(
            format_amount(amount, currency),
            {"interval": interval, "interval_count": count},
        )
        for (interval, count), amount in sums.items()
    )


def _totals(session: Json) -> list[Row]:
    currency, details = session["currency"], session["total_details"] or {}
    rows = []
    if session["amount_subtotal"] != session["amount_total"]:
        rows.append(
            Row(
                gettext("Subtotal"), format_amount(session["amount_subtotal"], currency)
            )
        )
    if discount := details.get("amount_discount"):
        rows.append(Row(gettext("Discount"), format_amount(-discount, currency)))
    if tax := details.get("amount_tax"):
        beside = _tax_beside(session)
        if beside:
            rows.append(Row(gettext("Tax"), format_amount(beside, currency)))
        if within := tax - beside:
            included = gettext("Tax (included)")
            rows.append(Row(included, format_amount(within, currency)))
    rows.append(Row(gettext("Due today"), _due_today(session), strong=True))
    return rows
