"""How a phase of a schedule is reduced, taxed and billed."""

from __future__ import annotations

from django.db import transaction

from wagtail_billing_portal.sandbox.billing import discounts, redemption, taxes, terms
from wagtail_billing_portal.sandbox.billing.fields import Json, supported
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

INVOICE_SETTINGS = (
    "account_tax_ids",
    "custom_fields",
    "days_until_due",
    "description",
    "footer",
    "issuer",
)
_KIND = "subscription_schedule"
_SHOWN = tuple(name for name in INVOICE_SETTINGS if name != "days_until_due")
_REDEEMED = "phase_discounts"


def read(world: World, phase: Json, sent: Json, *, path: str) -> None:
    """Put what a request says of discounts and tax rates into a phase."""
    phase["discounts"] = [
        _discount(world, one, phase["currency"], path=f"{path}[discounts][{index}]")
        for index, one in enumerate(sent.get("discounts") or [])
    ]
    param = f"{path}[default_tax_rates]"
    phase["default_tax_rates"] = taxes.read(
        world, sent.get("default_tax_rates") or [], param=param
    )
    if phase["default_tax_rates"] and (phase["automatic_tax"] or {}).get("enabled"):
        raise InvalidRequest(
            "You cannot set tax rates where automatic tax is enabled.", param=param
        )


def write_automatic_tax(
    world: World, holder: Json, sent: Json, customer: str, *, path: str
) -> None:
    """Switch automatic tax on or off for a phase, or for all that say nothing."""
    if "automatic_tax" in sent:
        holder["automatic_tax"] = terms.automatic_tax(
            world, customer, sent["automatic_tax"], param=f"{path}[automatic_tax]"
        )


def write_invoice_settings(
    world: World, holder: Json, sent: Json, *, path: str
) -> None:
    """What invoices say, and how long they may stay unpaid."""
    if not (settings := sent.get("invoice_settings")):
        return
    param = f"{path}[invoice_settings]"
    supported(settings, INVOICE_SETTINGS, param=param)
    terms.check_invoice_settings(world, settings, param=param)
    blank = skeleton(_KIND, "default_settings", "invoice_settings")
    before = holder["invoice_settings"] or {**blank, "issuer": {"type": "self"}}
    fresh = {name: value or None for name, value in settings.items()}
    holder["invoice_settings"] = {**before, **fresh, "issuer": {"type": "self"}}


def of_subscription(subscription: Json) -> Json:
    """What a phase says of the terms of a subscription as it stands."""
    blank = skeleton(_KIND, "phases", "discounts")
    return {
        "default_tax_rates": list(subscription["default_tax_rates"] or []),
        "discounts": [{**blank, "discount": id} for id in subscription["discounts"]],
    }


def apply(world: World, subscription: Json, schedule: Json, phase: Json) -> None:
    """Give a subscription the terms of a phase; it is still to be saved."""
    defaults = schedule["default_settings"]
    subscription["default_tax_rates"] = list(phase["default_tax_rates"] or [])
    wanted = phase["automatic_tax"] or defaults["automatic_tax"]
    subscription["automatic_tax"] = _automatic_tax(world, subscription, wanted)
    for name in _SHOWN:
        own = (phase["invoice_settings"] or {}).get(name)
        value = own or defaults["invoice_settings"][name]
        if value is not None:
            subscription["invoice_settings"][name] = value
    _redeem(world, subscription, phase)


def rates_in_use(world: World, rates: list[Json] | None) -> list[str]:
    """Those of a phase's tax rates that nobody has archived since."""
    found = [world.get("tax_rate", rate["id"]) for rate in rates or []]
    return [rate["id"] for rate in found if rate["active"]]


def _redeem(world: World, subscription: Json, phase: Json) -> None:
    """Redeem a phase's coupons once, however often the phase is restated."""
    mark = {"sent": phase["discounts"], "start": phase["start_date"]}
    private = world.private(subscription)
    if private.get(_REDEEMED) == mark:
        return
    private[_REDEEMED] = mark
    present = discounts.living(world, subscription["discounts"])
    wishes = [_wish(world, one, present) for one in phase["discounts"]]
    wanted = [wish for wish in wishes if wish]
    try:
        with transaction.atomic():
            _write(world, subscription, wanted, present)
    except InvalidRequest:
        kept = [wish for wish in wanted if "discount" in wish]
        _write(world, subscription, kept, present)


def _write(
    world: World, subscription: Json, wanted: list[Json], present: list[str]
) -> None:
    subscription["discounts"] = discounts.read(
        world,
        wanted,
        customer=subscription["customer"],
        subscription=subscription["id"],
        param="discounts",
        present=present,
        currency=subscription["currency"],
    )


def _wish(world: World, one: Json, present: list[str]) -> Json | None:
    """What is in force already stays; what has ended is over."""
    for id in present:
        held = discounts.shown(world, id)
        same_code = one["promotion_code"] == held["promotion_code"]
        if one["discount"] == id or (
            same_code and one["coupon"] == held["source"]["coupon"]
        ):
            return {"discount": id}
        if one["promotion_code"] and same_code:
            return {"discount": id}
    if one["discount"]:
        return None
    return {name: value for name, value in one.items() if value}


def _discount(world: World, sent: Json, currency: str, *, path: str) -> Json:
    if id := sent.get("discount"):
        world.get("discount", id, param=f"{path}[discount]")
    elif id := sent.get("promotion_code"):
        world.get("promotion_code", id, param=f"{path}[promotion_code]")
    elif id := sent.get("coupon"):
        param = f"{path}[coupon]"
        coupon = world.get("coupon", id, param=param)
        redemption.check_coupon(world, coupon, currency=currency, param=param)
    else:
        raise InvalidRequest(
            "You must pass one of `coupon`, `discount` or `promotion_code`.",
            param=path,
        )
    return {**skeleton(_KIND, "phases", "discounts"), **sent}


def _automatic_tax(world: World, subscription: Json, wanted: Json) -> Json:
    order = {"enabled": wanted["enabled"]}
    try:
        return terms.automatic_tax(world, subscription["customer"], order)
    except InvalidRequest:
        return {
            "disabled_reason": "requires_location_inputs",
            "enabled": False,
            "liability": None,
        }
