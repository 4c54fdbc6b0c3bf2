"""Changing on the server what an open checkout session sells."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import items, offers, taxes
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    merge_metadata,
    only_one,
)
from wagtail_billing_portal.sandbox.errors import InvalidRequest, ResourceMissing
from wagtail_billing_portal.sandbox.world import World


def reorder(world: World, session: Json, sent: list[Json]) -> None:
    """Sell what was sent and nothing else; a line that has an id stays itself."""
    if not sent or any(one.get("quantity") == 0 for one in sent):
        raise InvalidRequest("Something has to be left to pay for.", param="line_items")
    private = session["_sandbox"]
    known = {item["id"]: item for item in private["line_items"]}
    lines, prices = [], []
    for index, one in enumerate(sent):
        path = f"line_items[{index}]"
        only_one(one, "id", "price")
        only_one(one, "id", "price_data")
        if line_id := one.get("id"):
            if line_id not in known:
                raise ResourceMissing("line_item", line_id, param=f"{path}[id]")
            price = known[line_id]["price"]
            line = _changed(world, known[line_id], one)
        else:
            price = offers.price_of(world, one, param=path)
            line = offers.line_item(world, one, price, session["currency"])
        lines.append(line)
        prices.append(price)
    offers.check_mode(prices, session["mode"])
    items.common_currency(None, prices, session["currency"], param="line_items")
    private["line_items"] = lines
    offers.count(world, session)


def _changed(world: World, line: Json, sent: Json) -> Json:
    changed = {**line, "_sandbox": {**line.get("_sandbox", {})}}
    if "quantity" in sent:
        changed["quantity"] = sent["quantity"]
        if line["price"]["recurring"]:
            price, param = line["price"], "line_items[0]"
            changed["quantity"] = items.quantity_of(sent, price, param=param)
    if "adjustable_quantity" in sent:
        wish = {"quantity": changed["quantity"], **sent}
        changed["adjustable_quantity"] = offers.adjustable(wish)
    if "tax_rates" in sent:
        rates = sent["tax_rates"] or []
        taxes.read(world, rates, param="line_items")
        changed["_sandbox"]["tax_rates"] = rates
    merge_metadata(changed, sent)
    return changed
