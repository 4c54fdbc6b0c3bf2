"""What a checkout session offers: its line items and what they come to."""

from __future__ import annotations

from decimal import Decimal

from wagtail_billing_portal.sandbox.billing import (
    allocation,
    amounts,
    catalog,
    discounts,
    items,
    lines,
    promotions,
    taxes,
    tiers,
)
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    merge_metadata,
    need,
    supported,
)
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

MOST = 99
_FIELDS = (
    "adjustable_quantity",
    "metadata",
    "price",
    "price_data",
    "quantity",
    "tax_rates",
)
_PRODUCT_FIELDS = ("description", "images", "metadata", "name", "tax_code")


def prices_of(world: World, sent: list[Json], *, mode: str) -> list[Json]:
    """The prices that the line items name, fit for the session's mode."""
    prices = [
        price_of(world, one, param=f"line_items[{index}]")
        for index, one in enumerate(sent)
    ]
    check_mode(prices, mode)
    return prices


def check_mode(prices: list[Json], mode: str) -> None:
    """Refuse prices that do not go with the session's mode."""
    recurring = [price["recurring"] is not None for price in prices]
    if mode == "subscription" and not any(recurring):
        raise InvalidRequest(
            "You must provide at least one recurring price in `subscription` mode "
            "when using prices.",
            param="line_items",
        )
    if mode == "payment" and any(recurring):
        raise InvalidRequest(
            "You specified `payment` mode but passed a recurring price. Either switch "
            "to `subscription` mode or use only one-time prices.",
            param="mode",
        )


def price_of(world: World, sent: Json, *, param: str) -> Json:
    """The price that one line names, or describes."""
    supported(sent, _FIELDS, param=param)
    data = sent.get("price_data")
    if data and "product_data" in data:
        path = f"{param}[price_data]"
        supported(data, {*items.PRICE_DATA, "product_data"}, param=path)
        product = data["product_data"]
        supported(product, _PRODUCT_FIELDS, param=f"{path}[product_data]")
        need(product, "name")
        made = catalog.create_product(world, {**product, "active": False})
        rest = {name: value for name, value in data.items() if name != "product_data"}
        sent = {**sent, "price_data": {**rest, "product": made["id"]}}
    return items.priced(world, sent, param=param)


def optional_prices(world: World, sent: list[Json], *, mode: str) -> list[Json]:
    """The prices of what the payer may add."""
    prices = []
    for index, one in enumerate(sent):
        path = f"optional_items[{index}]"
        price = items.priced(world, one, param=path)
        if price["recurring"] is not None and mode != "subscription":
            raise InvalidRequest(
                f"This price can not be an optional item in `{mode}` mode.",
                param=f"{path}[price]",
            )
        prices.append(price)
    return prices


def optional_items(sent: list[Json]) -> list[Json]:
    """What the payer may add, as a session carries it."""
    return [
        {
            "adjustable_quantity": adjustable(one),
            "price": one["price"],
            "quantity": one["quantity"],
        }
        for one in sent
    ]


def line_item(world: World, sent: Json, price: Json, currency: str) -> Json:
    """One line of the offer; ``count`` fills in its amounts."""
    quantity: int | None = sent.get("quantity", 1)
    if price["recurring"]:
        quantity = items.quantity_of(sent, price, param="line_items[0]")
    item = {
        **skeleton("item"),
        "id": world.new_id("li_"),
        "adjustable_quantity": adjustable(sent),
        "currency": currency,
        "description": lines.product_name(world, price),
        "price": price,
        "quantity": quantity,
    }
    if rates := sent.get("tax_rates"):
        taxes.read(world, rates, param="line_items")
        item["_sandbox"] = {"tax_rates": rates}
    merge_metadata(item, sent)
    return item


def count(world: World, session: Json) -> None:
    """What everything comes to now, as the invoice will say."""
    private, currency = session["_sandbox"], session["currency"]
    data = private["subscription_data"]
    free = bool(data.get("trial_period_days") or data.get("trial_end"))
    sold = private["line_items"]
    pairs = [
        (item["id"], line)
        for item in _as_billed(sold)
        for line in _lines(item, currency, free=free)
    ]
    drawn = [line for _, line in pairs]
    for discount in private.get("discounts", []):
        coupon = promotions.coupon_of(world, discount)
        allocation.take_off(drawn, {"id": coupon["id"]}, coupon, currency)
    bill = _bill(world, session)
    taxes.apply(
        world,
        bill,
        drawn,
        default_rates=data.get("default_tax_rates") or [],
        automatic=bill["automatic_tax"]["enabled"],
    )
    session["automatic_tax"] = bill["automatic_tax"]
    private["breakdown"] = _breakdown(drawn)
    for item in sold:
        own = [line for id, line in pairs if id == item["id"]]
        item.update(_amounts(own))
        parts = {"session": session.get("id"), "breakdown": _breakdown(own)}
        world.private(item).update(parts)
    _add_up(session)


def settle_at(world: World, session: Json, place: Json | None) -> None:
    """Count again for where the payer turns out to live."""
    if not session["automatic_tax"]["enabled"] or not place:
        return
    wishes = session["_sandbox"]["customer_update"]
    if session["customer"] and wishes.get("address") != "auto":
        return
    session["_sandbox"]["place"] = place
    count(world, session)


def _as_billed(sold: list[Json]) -> list[Json]:
    """Lines in the order of an invoice, by which the last cents are shared out."""
    once = [item for item in sold if item["price"]["recurring"] is None]
    return [*once, *reversed([item for item in sold if item not in once])]


def _lines(item: Json, currency: str, *, free: bool) -> list[Json]:
    """What an invoice will say about a line: what repeats has one for each tier."""
    price, quantity = item["price"], item["quantity"]
    repeats = price["recurring"]
    if repeats and (free or repeats["usage_type"] == "metered"):
        charged = [0]
    elif repeats:
        parts = tiers.parts(price, currency, Decimal(quantity))
        charged = [part.amount for part in parts]
    else:
        charged = [amounts.line_amount(price, currency, quantity)]
    return [
        {
            "amount": amount,
            "discount_amounts": [],
            "discountable": True,
            "pricing": {
                "price_details": {"price": price["id"], "product": price["product"]}
            },
            "taxes": [],
            "_sandbox": {"tax_rates": item.get("_sandbox", {}).get("tax_rates") or []},
        }
        for amount in charged
    ]


def _bill(world: World, session: Json) -> Json:
    """As much of an invoice as taxes depend on."""
    customer: Json = {}
    if session.get("customer"):
        customer = world.get("customer", session["customer"])
    place = session["_sandbox"].get("place") or customer.get("address")
    return {
        "automatic_tax": {**session["automatic_tax"], "status": None},
        "customer": customer.get("id"),
        "customer_address": place,
        "customer_shipping": customer.get("shipping"),
        "customer_tax_exempt": customer.get("tax_exempt"),
        "currency": session["currency"],
    }


def _breakdown(drawn: list[Json]) -> Json:
    """What was taken off lines and put on them, to be shown on demand."""
    return {"discounts": discounts.totals(drawn), "taxes": taxes.totals(drawn)}


def _amounts(drawn: list[Json]) -> Json:
    amount = sum(line["amount"] for line in drawn)
    left = sum(taxes.taxable_of(line) for line in drawn)
    beside = taxes.sum_of(drawn, "exclusive")
    return {
        "amount_discount": amount - left,
        "amount_subtotal": amount,
        "amount_tax": beside + taxes.sum_of(drawn, "inclusive"),
        "amount_total": left + beside,
    }


def _add_up(session: Json) -> None:
    def total(name: str) -> int:
        sold = session["_sandbox"]["line_items"]
        return sum(int(item[f"amount_{name}"]) for item in sold)

    session.update(
        amount_subtotal=total("subtotal"),
        amount_total=total("total"),
        total_details={
            "amount_discount": total("discount"),
            "amount_shipping": 0,
            "amount_tax": total("tax"),
        },
    )


def limits(wish: Json | None) -> tuple[int, int] | None:
    """The least and the most of something, where the payer may choose."""
    if not (wish or {}).get("enabled"):
        return None
    chosen = wish or {}
    return chosen["minimum"] or 0, chosen["maximum"] or MOST


def choose(world: World, session: Json, wanted: dict[str, int]) -> None:
    """Change quantities as the payer asks: lines by their ids, extras by price.

    What may not be changed, or not that far, is refused whatever a form says.
    """
    private = session["_sandbox"]
    extras = {one["price"]: one for one in session.get("optional_items") or []}
    for key, quantity in wanted.items():
        if key in extras:
            _choose_extra(world, session, extras[key], quantity)
            continue
        item = next((it for it in private["line_items"] if it["id"] == key), None)
        if item is None or (range_ := limits(item["adjustable_quantity"])) is None:
            raise InvalidRequest("This quantity can not be changed.", param="quantity")
        item["quantity"] = _within(quantity, range_)
    kept = [item for item in private["line_items"] if item["quantity"] != 0]
    if not kept:
        raise InvalidRequest("Something has to be left to pay for.", param="quantity")
    private["line_items"] = kept
    count(world, session)
    world.save(session)


def _choose_extra(world: World, session: Json, extra: Json, quantity: int) -> None:
    private = session["_sandbox"]
    if quantity:
        range_ = limits(extra["adjustable_quantity"]) or (extra["quantity"],) * 2
        _within(quantity, (range_[0], range_[1]))
    present = [it for it in private["line_items"] if _is_extra(it, extra)]
    if present:
        present[0]["quantity"] = quantity
    elif quantity:
        price = world.get("price", extra["price"])
        item = line_item(world, {"quantity": quantity}, price, session["currency"])
        world.private(item)["extra"] = extra["price"]
        private["line_items"].append(item)


def _is_extra(item: Json, extra: Json) -> bool:
    return bool(item.get("_sandbox", {}).get("extra") == extra["price"])


def quantity_of(session: Json, extra: Json) -> int:
    """How many of an optional item the payer wants."""
    sold = session["_sandbox"]["line_items"]
    return sum(item["quantity"] for item in sold if _is_extra(item, extra))


def _within(quantity: int, range_: tuple[int, int]) -> int:
    least, most = range_
    if not least <= quantity <= most:
        raise InvalidRequest(
            f"The quantity must be between {least} and {most}.", param="quantity"
        )
    return quantity


def adjustable(sent: Json) -> Json | None:
    """How far the payer may change a quantity, if at all."""
    wish = sent.get("adjustable_quantity")
    if not wish:
        return None
    made = {"maximum": None, "minimum": None, **wish}
    range_ = limits(made)
    if range_ and not range_[0] <= sent.get("quantity", 1) <= range_[1]:
        raise InvalidRequest(
            f"The quantity must be between {range_[0]} and {range_[1]}.",
            param="adjustable_quantity",
        )
    return made
