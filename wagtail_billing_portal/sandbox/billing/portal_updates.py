"""What customers may change their subscription to in the hosted portal."""

from __future__ import annotations

from dataclasses import dataclass, field

from wagtail_billing_portal.sandbox.billing import (
    amounts,
    banks,
    catalog,
    changes,
    invoicing,
    methods,
    payments,
    pending_updates,
    previews,
    schedules,
    standing,
)
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.outcomes import Completed, Outcome
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

FEATURE = "subscription_update"
DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


@dataclass(frozen=True)
class Offer:
    """A price to change to, or to stay with, and how many may be had."""

    price: Json
    product: Json
    adjustable: bool
    least: int
    most: int | None

    def allows(self, quantity: int) -> bool:
        """Whether as many may be had."""
        return self.least <= quantity <= (quantity if self.most is None else self.most)


@dataclass(frozen=True)
class Choice:
    """What a customer wants instead; ``discounts`` as an update takes them."""

    price: str
    quantity: int
    discounts: list[Json] = field(default_factory=list)


@dataclass(frozen=True)
class Preview:
    """What a choice comes to: what is due at once, and what is due next and when."""

    now: Json | None
    next: Json | None
    starts: int | None
    at: int


def offers(world: World, subscription: Json, feature: Json) -> list[Offer]:
    """What a configuration lets the holder of a subscription choose from."""
    allowed = feature["default_allowed_updates"]
    current = item_of(subscription)["price"]
    found = []
    for listed in feature.get("products") or []:
        product = world.get("product", listed["product"])
        for price_id in listed["prices"]:
            price = world.get("price", price_id)
            same = price_id == current["id"]
            if same or ("price" in allowed and _fits(subscription, price, product)):
                found.append(_offer(subscription, listed, price, product, allowed))
    return found


def check(world: World, subscription: Json, feature: Json, choice: Choice) -> None:
    """Refuse a choice that is not on offer, or changes nothing."""
    item = item_of(subscription)
    on_offer = {it.price["id"]: it for it in offers(world, subscription, feature)}
    offer = on_offer.get(choice.price)
    param = "flow_data[subscription_update_confirm][items][0]"
    if offer is None and choice.price != item["price"]["id"]:
        raise InvalidRequest(
            f"The price {choice.price} cannot be updated to: it is not available for "
            "this subscription in the portal configuration's "
            "`features[subscription_update][products]`.",
            param=f"{param}[price]",
        )
    if choice.quantity != item["quantity"] and not (
        offer and offer.adjustable and offer.allows(choice.quantity)
    ):
        raise InvalidRequest(
            f"The quantity {choice.quantity} is not allowed by the portal "
            "configuration.",
            param=f"{param}[quantity]",
        )
    same = choice.price == item["price"]["id"] and choice.quantity == item["quantity"]
    if same and not choice.discounts:
        raise InvalidRequest(
            "Cannot update the subscription because there are no changes to confirm."
        )
    if choice.discounts:
        with world.pretend():
            copy = world.get("subscription", subscription["id"])
            changes.apply(world, copy, {"discounts": choice.discounts})


def preview(
    world: World, subscription: Json, feature: Json, choice: Choice, *, at: int
) -> Preview:
    """What confirming a choice would bill; nothing of it happens."""
    order = _order(subscription, feature, choice)
    starts = later(world, subscription, feature, choice)
    copy = world.get("subscription", subscription["id"])
    with world.pretend():
        if starts is None:
            behavior = feature["proration_behavior"]
            now = changes.apply(world, copy, order, proration_behavior=behavior, at=at)
            upcoming = _upcoming(world, subscription)
        else:
            now = None
            if choice.discounts:
                changes.apply(world, copy, {"discounts": choice.discounts})
            wanted = {"items": order["items"]}
            with world.at(starts):
                changes.apply(world, copy, wanted, proration_behavior="none")
                upcoming = _upcoming(world, subscription)
    return Preview(now, upcoming, starts, at)


def confirm(
    world: World, subscription: Json, feature: Json, choice: Choice, *, at: int
) -> Outcome:
    """Make the change, at once or when the period is over, and charge what it costs."""
    order = _order(subscription, feature, choice)
    starts = later(world, subscription, feature, choice)
    if starts is not None:
        if choice.discounts:
            changes.update(world, subscription, {"discounts": choice.discounts})
        _schedule(world, world.get("subscription", subscription["id"]), choice)
        return Completed(redirect_url="")
    before = subscription["latest_invoice"]
    schedules.let_go(world, subscription)
    changed = changes.update(
        world,
        world.get("subscription", subscription["id"]),
        {
            **order,
            "payment_behavior": _payment_behavior(world, subscription),
            "proration_behavior": feature["proration_behavior"],
            "proration_date": at,
        },
    )
    return outcome_of(world, changed, before=before)


def outcome_of(world: World, subscription: Json, *, before: str | None) -> Outcome:
    """What became of the invoice that a change brought, if it brought one."""
    latest = subscription["latest_invoice"]
    if latest is None or latest == before:
        return Completed(redirect_url="")
    invoice = world.get("invoice", latest)
    intent = invoicing.intent_of(world, invoice)
    if invoice["status"] != "open" or intent is None:
        return Completed(redirect_url="")
    return payments.outcome(world, invoice, intent["status"])


def later(
    world: World, subscription: Json, feature: Json, choice: Choice
) -> int | None:
    """When a choice waits for the end of the period: that moment, else nothing."""
    conditions = {
        it["type"] for it in feature["schedule_at_period_end"]["conditions"] or []
    }
    item = item_of(subscription)
    old, new = item["price"], world.get("price", choice.price)
    currency = subscription["currency"]
    cheaper = amounts.line_amount(new, currency, choice.quantity) < amounts.line_amount(
        old, currency, item["quantity"]
    )
    shorter = _length(new) < _length(old)
    waits = (cheaper and "decreasing_item_amount" in conditions) or (
        shorter and "shortening_interval" in conditions
    )
    return standing.period_end(subscription) if waits else None


def item_of(subscription: Json) -> Json:
    """The one item that the portal can change."""
    item: Json = subscription["items"]["data"][0]
    return item


def _offer(
    subscription: Json, listed: Json, price: Json, product: Json, allowed: list[str]
) -> Offer:
    limits = listed["adjustable_quantity"]
    quantity = item_of(subscription)["quantity"]
    if not limits["enabled"] or "quantity" not in allowed:
        return Offer(price, product, adjustable=False, least=quantity, most=quantity)
    least, most = limits["minimum"], limits["maximum"]
    return Offer(price, product, adjustable=True, least=least, most=most)


def _fits(subscription: Json, price: Json, product: Json) -> bool:
    current = item_of(subscription)["price"]
    behavior = price["tax_behavior"]
    taxed = subscription["automatic_tax"]["enabled"]
    return bool(
        price["active"]
        and product["active"]
        and price["recurring"]["usage_type"] != "metered"
        and catalog.in_currency(price, subscription["currency"])
        and behavior == current["tax_behavior"]
        and not (taxed and behavior == "unspecified")
    )


def _order(subscription: Json, feature: Json, choice: Choice) -> Json:
    item = item_of(subscription)
    wish = {"id": item["id"], "price": choice.price, "quantity": choice.quantity}
    order: Json = {"items": [wish]}
    if choice.discounts:
        order["discounts"] = choice.discounts
    if subscription["status"] == "trialing":
        if feature["trial_update_behavior"] == "end_trial":
            order["trial_end"] = "now"
    elif feature["billing_cycle_anchor"] == "now":
        order["billing_cycle_anchor"] = {"type": "now"}
    return order


def _upcoming(world: World, subscription: Json) -> Json | None:
    try:
        return previews.of_running(
            world, world.get("subscription", subscription["id"]), {}
        )
    except InvalidRequest:
        return None


def _payment_behavior(world: World, subscription: Json) -> str:
    """Nothing changes before it is paid; a debit, though, takes its days."""
    method = methods.for_subscription(world, subscription)
    slow = method is not None and method["type"] in banks.CURRENCIES
    return "allow_incomplete" if slow else pending_updates.BEHAVIOR


def _schedule(world: World, subscription: Json, choice: Choice) -> None:
    schedules.let_go(world, subscription)
    schedule = schedules.migrate(world, {"from_subscription": subscription["id"]})
    current = schedule["phases"][0]
    names = ("price", "quantity")
    terms = {
        "default_tax_rates": [rate["id"] for rate in current["default_tax_rates"]],
        "discounts": [{"discount": it["discount"]} for it in current["discounts"]],
    }
    phase = {
        **terms,
        "end_date": current["end_date"],
        "items": [
            {
                **{name: item[name] for name in names},
                "tax_rates": [rate["id"] for rate in item["tax_rates"]],
            }
            for item in current["items"]
        ],
        "start_date": current["start_date"],
    }
    if current["trial_end"]:
        phase["trial_end"] = current["trial_end"]
    following = {
        **terms,
        "items": [{"price": choice.price, "quantity": choice.quantity}],
        "proration_behavior": "none",
    }
    schedules.update(
        world,
        world.get("subscription_schedule", schedule["id"]),
        {"phases": [phase, following], "proration_behavior": "none"},
    )


def _length(price: Json) -> int:
    recurring = price["recurring"]
    return int(DAYS[recurring["interval"]] * recurring["interval_count"])
