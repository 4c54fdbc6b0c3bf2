"""The terms of a subscription: how it is paid, reduced, taxed and billed."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    discounts,
    methods,
    pending_intervals,
    pending_updates,
    taxes,
)
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    assign,
    merge_metadata,
    supported,
)
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

FIELDS = {
    "application_fee_percent",
    "automatic_tax",
    "collection_method",
    "days_until_due",
    "default_payment_method",
    "default_source",
    "default_tax_rates",
    "description",
    "discounts",
    "invoice_settings",
    "metadata",
    "on_behalf_of",
    "payment_settings",
    "pending_invoice_item_interval",
    "transfer_data",
    "trial_settings",
}
_PLATFORMS = ("application_fee_percent", "on_behalf_of", "transfer_data")
_MOST_CUSTOM_FIELDS = 4


def write(world: World, subscription: Json, params: Json) -> None:
    """Apply what a request says about everything but the items and the time."""
    _refuse_platforms(params)
    assign(subscription, params, ("description",))
    merge_metadata(subscription, params)
    _write_collection(subscription, params)
    _write_payment(world, subscription, params)
    _write_invoice_settings(world, subscription, params)
    _write_taxes(world, subscription, params)
    pending_intervals.write(world, subscription, params)
    if "trial_settings" in params:
        subscription["trial_settings"] = trial_settings(params["trial_settings"])
    if "discounts" in params:
        subscription["discounts"] = discounts.read(
            world,
            params["discounts"],
            customer=subscription["customer"],
            subscription=subscription["id"],
            param="discounts",
            present=subscription["discounts"],
            currency=subscription["currency"],
            parked=pending_updates.are_wanted(params),
        )


def write_item(
    world: World,
    subscription: Json,
    item: Json,
    sent: Json,
    *,
    parked: bool = False,
) -> None:
    """Apply the discounts and tax rates that a request gives to one item."""
    path = "items"
    if "tax_rates" in sent:
        item["tax_rates"] = taxes.read(world, sent["tax_rates"], param=path)
    if "discounts" in sent:
        item["discounts"] = discounts.read(
            world,
            sent["discounts"],
            customer=subscription["customer"],
            subscription=subscription["id"],
            subscription_item=item["id"],
            param=f"{path}[discounts]",
            present=item["discounts"],
            currency=subscription["currency"],
            parked=parked,
        )


def trial_settings(sent: Json | str) -> Json:
    """What happens at the end of a trial; Stripe bills unless told otherwise."""
    end = (sent.get("end_behavior") or {}) if isinstance(sent, dict) else {}
    return {
        "end_behavior": {
            **skeleton("subscription", "trial_settings", "end_behavior"),
            "missing_payment_method": "create_invoice",
            **end,
        }
    }


def _refuse_platforms(params: Json) -> None:
    for name in _PLATFORMS:
        if params.get(name) not in (None, ""):
            raise InvalidRequest(
                f"`{name}` is for platforms with connected accounts. The sandbox plays "
                "an account that sells for itself.",
                param=name,
            )


def _write_collection(subscription: Json, params: Json) -> None:
    method = params.get("collection_method", subscription["collection_method"])
    subscription["collection_method"] = method
    days = params.get("days_until_due")
    if method == "charge_automatically":
        if days is not None:
            raise InvalidRequest(
                "`days_until_due` can only be set where `collection_method` is "
                "`send_invoice`.",
                param="days_until_due",
            )
        subscription["days_until_due"] = None
        return
    if days is not None:
        subscription["days_until_due"] = days
    if subscription["days_until_due"] is None:
        raise InvalidRequest(
            "If `collection_method` is set to `send_invoice`, `days_until_due` "
            "must be set.",
            param="days_until_due",
        )


def _write_payment(world: World, subscription: Json, params: Json) -> None:
    for name in ("default_payment_method", "default_source"):
        if name in params:
            method_id = params[name] or None
            if method_id:
                methods.owned(world, method_id, subscription["customer"], param=name)
            subscription[name] = method_id
    if sent := params.get("payment_settings"):
        settings = dict(subscription["payment_settings"])
        plain = ("payment_method_types", "save_default_payment_method")
        assign(settings, sent, plain)
        if "payment_method_options" in sent:
            settings["payment_method_options"] = _options(
                sent["payment_method_options"]
            )
        subscription["payment_settings"] = settings


def _options(sent: Json | str) -> Json | None:
    if not isinstance(sent, dict):
        return None
    path = ("subscription", "payment_settings", "payment_method_options")
    options = skeleton(*path)
    for name, value in sent.items():
        chosen = value if isinstance(value, dict) else None
        options[name] = {**skeleton(*path, name), **chosen} if chosen else None
    return options


def _write_invoice_settings(world: World, subscription: Json, params: Json) -> None:
    sent = params.get("invoice_settings")
    if not sent:
        return
    settings = dict(subscription["invoice_settings"])
    names = ("account_tax_ids", "custom_fields", "description", "footer")
    supported(sent, (*names, "issuer"), param="invoice_settings")
    assign(settings, sent, names)
    check_invoice_settings(world, sent, param="invoice_settings")
    subscription["invoice_settings"] = settings


def check_invoice_settings(world: World, sent: Json, *, param: str) -> None:
    """Refuse what cannot be on an invoice of this account."""
    if (sent.get("issuer") or {"type": "self"})["type"] != "self":
        raise InvalidRequest(
            "The sandbox has no connected accounts that could issue invoices.",
            param=f"{param}[issuer][type]",
        )
    for tax_id in sent.get("account_tax_ids") or []:
        world.get("tax_id", tax_id, param=f"{param}[account_tax_ids]")
    if len(sent.get("custom_fields") or []) > _MOST_CUSTOM_FIELDS:
        raise InvalidRequest(
            f"You can pass at most {_MOST_CUSTOM_FIELDS} custom fields.",
            param=f"{param}[custom_fields]",
        )


def _write_taxes(world: World, subscription: Json, params: Json) -> None:
    if "default_tax_rates" in params:
        subscription["default_tax_rates"] = taxes.read(
            world, params["default_tax_rates"], param="default_tax_rates"
        )
    if "automatic_tax" in params:
        subscription["automatic_tax"] = automatic_tax(
            world, subscription["customer"], params["automatic_tax"]
        )
    if subscription["automatic_tax"]["enabled"] and subscription["default_tax_rates"]:
        raise InvalidRequest(
            "You cannot set tax rates where automatic tax is enabled.",
            param="default_tax_rates",
        )


def automatic_tax(
    world: World, customer: str, sent: Json, *, param: str = "automatic_tax"
) -> Json:
    """Automatic tax as it was asked for; it needs to know where the customer is."""
    if (sent.get("liability") or {"type": "self"})["type"] != "self":
        raise InvalidRequest(
            "The sandbox has no connected accounts that could owe taxes.",
            param=f"{param}[liability][type]",
        )
    enabled = sent["enabled"]
    if enabled and not _country(world, customer):
        raise InvalidRequest(
            "The customer's location isn't recognized. Set a valid customer address "
            "in order to automatically calculate tax.",
            code="customer_tax_location_invalid",
            param=param,
        )
    return {
        "disabled_reason": None,
        "enabled": enabled,
        "liability": {"type": "self"} if enabled else None,
    }


def _country(world: World, customer_id: str) -> str | None:
    customer = world.get("customer", customer_id)
    shipped_to = (customer["shipping"] or {}).get("address")
    address = customer["address"] or shipped_to or {}
    found: str | None = address.get("country")
    return found
