"""Checkout sessions as they begin."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    checkout,
    checkout_asks,
    checkout_rules,
    items,
    kinds,
    offers,
    payer,
    promotions,
    setups,
    taxes,
)
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    merge_metadata,
    need,
    supported,
)
from wagtail_billing_portal.sandbox.billing.periods import DAY
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World, random_text

PAYMENT_DATA = {
    "description",
    "metadata",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
}
SUBSCRIPTION_DATA = {
    "billing_mode",
    "default_tax_rates",
    "description",
    "metadata",
    "trial_end",
    "trial_period_days",
    "trial_settings",
}
_SERVED = (
    "cancel_url",
    "client_reference_id",
    "customer",
    "customer_email",
    "integration_identifier",
    "locale",
    "mode",
    "origin_context",
    "return_url",
    "submit_type",
    "success_url",
)
PARAMS = {
    *_SERVED,
    *checkout_asks.PARAMS,
    "adaptive_pricing",
    "after_expiration",
    "allow_promotion_codes",
    "allowed_payment_method_types",
    "automatic_tax",
    "branding_settings",
    "currency",
    "customer_creation",
    "customer_update",
    "discounts",
    "excluded_payment_method_types",
    "expires_at",
    "line_items",
    "metadata",
    "optional_items",
    "payment_intent_data",
    "payment_method_collection",
    "payment_method_data",
    "redirect_on_completion",
    "saved_payment_method_options",
    "setup_intent_data",
    "subscription_data",
    "ui_mode",
    "wallet_options",
}
_BRANDING = {
    "background_color": "#ffffff",
    "border_style": "rounded",
    "button_color": "#0074d4",
    "display_name": "",
    "font_family": "default",
    "icon": None,
    "logo": None,
}


def create(world: World, params: Json, *, about: Json | None = None) -> Json:
    """A page on which somebody pays, or only leaves a card.

    ``about`` says where it comes from: a payment link, or a session that expired.
    """
    linked = bool((about or {}).get("payment_link"))
    checkout_rules.check(world, params, linked=linked)
    session = {**_blank(world, params), **(about or {})}
    merge_metadata(session, params)
    if params["mode"] == "setup":
        _prepare_setup(world, session, params)
    else:
        _write_offer(world, session, params)
    session["customer_details"] = payer.known(world, session)
    return world.add(session)


def recover(world: World, session: Json) -> Json:
    """The same offer again, for somebody who came too late."""
    params = {**session["_sandbox"]["params"]}
    params.pop("expires_at", None)
    if session["after_expiration"]["recovery"]["allow_promotion_codes"]:
        params = {**params, "allow_promotion_codes": True}
        params.pop("discounts", None)
    return create(world, params, about={"recovered_from": session["id"]})


def _blank(world: World, params: Json) -> Json:
    session_id = f"cs_test_{random_text(58)}"
    expires_at = params.get("expires_at", world.now + DAY)
    return {
        **skeleton(checkout.KIND),
        **{name: params.get(name) for name in _SERVED},
        **checkout_asks.read(params),
        **_by_mode(params),
        **_page(world, params, session_id),
        "allow_promotion_codes": params.get("allow_promotion_codes"),
        "automatic_tax": automatic_tax(params.get("automatic_tax")),
        "id": session_id,
        "created": world.now,
        "expires_at": expires_at,
        "payment_method_options": {},
        "payment_method_types": [],
        "payment_status": "unpaid",
        "status": "open",
        "wallet_options": params.get("wallet_options"),
        **{name: params[name] for name in kinds.NAMED if params.get(name)},
        "_sandbox": {
            "allow_redisplay": (params.get("payment_method_data") or {}).get(
                "allow_redisplay"
            ),
            "customer_update": params.get("customer_update", {}),
            "due_at": expires_at,
            "line_items": [],
            "params": params,
            "payment_intent_data": {},
            "subscription_data": {},
        },
    }


def _page(world: World, params: Json, session_id: str) -> Json:
    """Where the page is, and how it looks."""
    mode = params.get("ui_mode", "hosted_page")
    fields: Json = {"ui_mode": mode}
    if "branding_settings" in params:
        sent = {k: v for k, v in params["branding_settings"].items() if v != ""}
        fields["branding_settings"] = {**_BRANDING, **sent}
    if mode == "hosted_page":
        fields["url"] = world.url(f"/checkout/{session_id}/")
        fields["after_expiration"] = _recovery(params.get("after_expiration"))
        return fields
    fields["client_secret"] = f"{session_id}_secret_{random_text(48)}"
    if mode != "elements":
        fields["redirect_on_completion"] = params.get(
            "redirect_on_completion", "always"
        )
    return fields


def _recovery(sent: Json | None) -> Json | None:
    if sent is None:
        return None
    recovery = sent.get("recovery")
    if recovery is None:
        return {"recovery": None}
    blank = {"allow_promotion_codes": False, "expires_at": None, "url": None}
    return {"recovery": {**blank, **recovery}}


def _by_mode(params: Json) -> Json:
    """What depends on the mode: whether a card and a new customer are wanted."""
    if params["mode"] == "setup":
        return {"customer_creation": params.get("customer_creation")}
    by_default = "always" if params["mode"] == "subscription" else "if_required"
    creation = params.get("customer_creation", by_default)
    saved = params.get("saved_payment_method_options")
    return {
        "adaptive_pricing": params.get("adaptive_pricing") or {"enabled": False},
        "customer_creation": None if params.get("customer") else creation,
        "payment_method_collection": params.get("payment_method_collection", "always"),
        "saved_payment_method_options": _saved(params, saved),
    }


def automatic_tax(sent: Json | None) -> Json:
    """Whether tax is worked out from where the payer lives."""
    enabled = (sent or {}).get("enabled", False)
    return {
        "enabled": enabled,
        "liability": {"account": None, "type": "self"} if enabled else None,
        "provider": "stripe" if enabled else None,
        "status": None,
    }


def _saved(params: Json, sent: Json | None) -> Json | None:
    if sent is None and not params.get("customer"):
        return None
    return {
        "allow_redisplay_filters": ["always"],
        "payment_method_remove": "disabled",
        "payment_method_save": None,
        **(sent or {}),
    }


def _write_offer(world: World, session: Json, params: Json) -> None:
    need(params, "line_items")
    private = world.private(session)
    sent, extra = params["line_items"], params.get("optional_items") or []
    prices = offers.prices_of(world, sent, mode=params["mode"])
    more = offers.optional_prices(world, extra, mode=params["mode"])
    customer = None
    if session["customer"]:
        customer = world.get("customer", session["customer"])
    currency = items.common_currency(
        customer, [*prices, *more], params.get("currency"), param="line_items"
    )
    data = params.get("subscription_data", {})
    supported(data, SUBSCRIPTION_DATA, param="subscription_data")
    rates = data.get("default_tax_rates") or []
    taxes.read(world, rates, param="subscription_data[default_tax_rates]")
    payment_data = params.get("payment_intent_data", {})
    supported(payment_data, PAYMENT_DATA, param="payment_intent_data")
    private.update(
        line_items=[
            offers.line_item(world, one, price, currency)
            for one, price in zip(sent, prices, strict=True)
        ],
        payment_intent_data=payment_data,
        subscription_data=data,
    )
    session["currency"] = currency
    session["payment_method_types"] = kinds.chosen(params, currency)
    if extra:
        session["optional_items"] = offers.optional_items(extra)
    put = promotions.read(world, _counted(world, session), params)
    promotions.put(world, session, put)
    offers.count(world, session)


def change_payment(world: World, session: Json, sent: Json) -> None:
    """Change what will be said of the payment; an empty value takes it back."""
    checkout_rules.check_only_in(session["mode"], "payment_intent_data")
    private = world.private(session)
    data = {**private["payment_intent_data"], **sent}
    if "metadata" in sent:
        kept = {"metadata": private["payment_intent_data"].get("metadata") or {}}
        merge_metadata(kept, sent)
        data.update(kept)
    private["payment_intent_data"] = {k: v for k, v in data.items() if v != ""}


def _counted(world: World, session: Json) -> Json:
    """The session with its sums, which a code may ask for at least."""
    offers.count(world, session)
    return session


def _prepare_setup(world: World, session: Json, params: Json) -> None:
    if not params.get("currency") and "allowed_payment_method_types" not in params:
        raise InvalidRequest(
            "Missing required param: currency.",
            param="currency",
            code="parameter_missing",
        )
    data = params.get("setup_intent_data", {})
    supported(data, {"description", "metadata"}, param="setup_intent_data")
    currency = params.get("currency")
    session["payment_method_types"] = types = kinds.chosen(params, currency)
    intent = setups.create(
        world,
        customer=session["customer"],
        description=data.get("description"),
        metadata=data.get("metadata"),
        fields={"payment_method_types": types},
    )
    session.update(
        currency=currency,
        payment_status="no_payment_required",
        setup_intent=intent["id"],
    )
