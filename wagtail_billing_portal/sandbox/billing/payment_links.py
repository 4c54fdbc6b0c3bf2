"""Payment links: one address, a checkout session for everybody who opens it."""

from __future__ import annotations

import re

from wagtail_billing_portal.sandbox.billing import (
    checkout_asks,
    checkout_rules,
    checkout_sessions,
    items,
    offers,
    promotions,
)
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    assign,
    merge_metadata,
    supported,
    supported_value,
)
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World, random_text

KIND = "payment_link"
SUBSCRIPTION_DATA = {
    "description",
    "metadata",
    "trial_period_days",
    "trial_settings",
}
CHANGEABLE = {
    *checkout_asks.PARAMS,
    "after_completion",
    "allow_promotion_codes",
    "automatic_tax",
    "customer_creation",
    "inactive_message",
    "metadata",
    "payment_intent_data",
    "payment_method_collection",
    "payment_method_types",
    "restrictions",
    "submit_type",
    "subscription_data",
}
PARAMS = {*CHANGEABLE, "currency", "line_items", "optional_items"}
MOST_ITEMS = 20
_TO_SESSION = (
    *sorted(checkout_asks.PARAMS),
    "allow_promotion_codes",
    "automatic_tax",
    "optional_items",
    "payment_intent_data",
    "payment_method_collection",
    "submit_type",
    "subscription_data",
)


def create(world: World, params: Json) -> Json:
    """A link that can be opened again and again."""
    token = f"test_{random_text(18)}"
    private: Json = {"params": {}, "line_items": [], "subscription_data": {}}
    link = {
        **skeleton(KIND),
        "id": world.new_id("plink_"),
        "active": True,
        "after_completion": _confirmation(None),
        "allow_promotion_codes": False,
        "automatic_tax": {"enabled": False, "liability": None},
        "billing_address_collection": "auto",
        "custom_fields": [],
        "custom_text": checkout_asks.custom_text({}),
        "metadata": {},
        "payment_method_collection": "always",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "submit_type": "auto",
        "tax_id_collection": {"enabled": False, "required": "never"},
        "url": world.url(f"/pay/{token}/"),
        "_sandbox": {**private, "token": token},
    }
    mode = _write_items(world, link, params)
    link["customer_creation"] = "always" if mode == "subscription" else "if_required"
    if mode == "payment":
        link["payment_intent_data"] = None
    write(link, params)
    world.add({"id": token, "object": "_payment_link_page", "link": link["id"]})
    return world.add(link, "payment_link.created")


def write(link: Json, params: Json) -> None:
    """Put what was sent into a link."""
    _check(link, params)
    plain = (
        "active",
        "allow_promotion_codes",
        "billing_address_collection",
        "customer_creation",
        "inactive_message",
        "payment_method_collection",
        "payment_method_types",
        "phone_number_collection",
        "submit_type",
    )
    assign(link, params, plain)
    if "automatic_tax" in params:
        sent = checkout_sessions.automatic_tax(params["automatic_tax"])
        kept = ("enabled", "liability")
        link["automatic_tax"] = {name: sent[name] for name in kept}
    if "after_completion" in params:
        link["after_completion"] = _after(params["after_completion"])
    if "consent_collection" in params:
        link["consent_collection"] = checkout_asks.consents(
            params["consent_collection"]
        )
    if "custom_fields" in params:
        asked = params["custom_fields"] or []
        link["custom_fields"] = checkout_asks.custom_fields(asked, answered=False)
    if "custom_text" in params:
        link["custom_text"] = checkout_asks.custom_text(params["custom_text"])
    if "name_collection" in params:
        link["name_collection"] = checkout_asks.names(params["name_collection"])
    if "tax_id_collection" in params:
        link["tax_id_collection"] = checkout_asks.tax_ids(params["tax_id_collection"])
    if "restrictions" in params:
        link["restrictions"] = _restrictions(link, params["restrictions"])
    if "payment_intent_data" in params:
        blank = skeleton(KIND, "payment_intent_data")
        sent = {k: v or None for k, v in params["payment_intent_data"].items()}
        link["payment_intent_data"] = {**blank, "metadata": {}, **sent}
    if "subscription_data" in params:
        link["subscription_data"] = _subscription_data(params["subscription_data"])
    merge_metadata(link, params)
    passed = {name: params[name] for name in _TO_SESSION if name in params}
    stored = {**link["_sandbox"]["params"], **passed}
    link["_sandbox"]["params"] = {k: v for k, v in stored.items() if v != ""}


def visit(world: World, link: Json, asked: Json) -> Json:
    """A session for somebody who opened the link; ``asked`` is its query string."""
    mode = _mode(link)
    params = {
        **link["_sandbox"]["params"],
        "mode": mode,
        "currency": link["currency"],
        "line_items": [_ordered(item) for item in link["_sandbox"]["line_items"]],
        "metadata": link["metadata"],
    }
    if mode == "payment":
        params["customer_creation"] = link["customer_creation"]
    if redirect := link["after_completion"]["redirect"]:
        params["success_url"] = redirect["url"]
    reference = asked.get("client_reference_id", "")
    if re.fullmatch(r"[A-Za-z0-9_-]{1,200}", reference):
        params["client_reference_id"] = reference
    if locale := asked.get("locale"):
        params["locale"] = locale
    session = checkout_sessions.create(
        world, params, about={"payment_link": link["id"]}
    )
    locked = asked.get("locked_prefilled_email")
    confirmation = link["after_completion"]["hosted_confirmation"] or {}
    world.private(session).update(
        prefill={
            "email": locked or asked.get("prefilled_email"),
            "locked": bool(locked),
        },
        thanks=confirmation.get("custom_message"),
    )
    code = asked.get("prefilled_promo_code", "")
    if code and promotions.enter(world, session, code):
        offers.count(world, session)
    return world.save(session)


def _write_items(world: World, link: Json, params: Json) -> str:
    sent, extra = params["line_items"], params.get("optional_items") or []
    if not 1 <= len(sent) <= MOST_ITEMS:
        raise InvalidRequest(
            f"A payment link has 1 to {MOST_ITEMS} line items.", param="line_items"
        )
    first = [items.priced(world, one, param="line_items[0]") for one in sent[:1]]
    recurring = first[0]["recurring"] is not None
    mode = "subscription" if recurring else "payment"
    prices = offers.prices_of(world, sent, mode=mode)
    more = offers.optional_prices(world, extra, mode=mode)
    currency = items.common_currency(
        None, [*prices, *more], params.get("currency"), param="line_items"
    )
    link["currency"] = currency
    if extra:
        link["optional_items"] = offers.optional_items(extra)
    link["_sandbox"]["line_items"] = [
        offers.line_item(world, one, price, currency)
        for one, price in zip(sent, prices, strict=True)
    ]
    offers.count(
        world,
        {
            "automatic_tax": checkout_sessions.automatic_tax(None),
            "currency": currency,
            "_sandbox": link["_sandbox"],
        },
    )
    return mode


def _mode(link: Json) -> str:
    repeats = [item["price"]["recurring"] for item in link["_sandbox"]["line_items"]]
    return "subscription" if any(repeats) else "payment"


def _ordered(item: Json) -> Json:
    ordered = {"price": item["price"]["id"]}
    if item["quantity"] is not None:
        ordered["quantity"] = item["quantity"]
    if item["adjustable_quantity"]:
        sent = item["adjustable_quantity"].items()
        ordered["adjustable_quantity"] = {k: v for k, v in sent if v is not None}
    return ordered


def _check(link: Json, params: Json) -> None:
    types = params.get("payment_method_types") or ["card"]
    supported_value(types, ["card"], param="payment_method_types")
    mode = _mode(link)
    for name, wanted in _ONLY_IN.items():
        if name in params and mode != wanted:
            raise InvalidRequest(
                f"`{name}` can only be set on a payment link in `{wanted}` mode.",
                param=name,
            )
    if data := params.get("subscription_data"):
        supported(data, SUBSCRIPTION_DATA, param="subscription_data")
    if data := params.get("payment_intent_data"):
        known = checkout_sessions.PAYMENT_DATA - {"receipt_email", "shipping"}
        supported(data, known, param="payment_intent_data")


_ONLY_IN = {
    "payment_intent_data": "payment",
    "payment_method_collection": "subscription",
    "subscription_data": "subscription",
}


def _after(sent: Json) -> Json:
    if sent["type"] == "hosted_confirmation":
        message = (sent.get("hosted_confirmation") or {}).get("custom_message")
        return _confirmation(message)
    url = (sent.get("redirect") or {}).get("url") or ""
    if not checkout_rules.is_web_address(url):
        raise InvalidRequest(
            "Not a valid URL",
            param="after_completion[redirect][url]",
            code="url_invalid",
        )
    return {"hosted_confirmation": None, "redirect": {"url": url}, "type": "redirect"}


def _confirmation(message: str | None) -> Json:
    return {
        "hosted_confirmation": {"custom_message": message or None},
        "redirect": None,
        "type": "hosted_confirmation",
    }


def _restrictions(link: Json, sent: Json | str) -> Json | None:
    if not isinstance(sent, dict):
        return None
    before = (link["restrictions"] or {}).get("completed_sessions") or {"count": 0}
    limit = sent["completed_sessions"]["limit"]
    if limit < 1:
        raise InvalidRequest(
            "This value must be greater than or equal to 1.",
            param="restrictions[completed_sessions][limit]",
            code="parameter_invalid_integer",
        )
    return {"completed_sessions": {"count": before["count"], "limit": limit}}


def _subscription_data(sent: Json) -> Json:
    settings = {
        **skeleton(KIND, "subscription_data", "invoice_settings"),
        "issuer": {"type": "self"},
    }
    return {
        "description": sent.get("description") or None,
        "invoice_settings": settings,
        "metadata": sent.get("metadata") or {},
        "trial_period_days": sent.get("trial_period_days"),
        "trial_settings": sent.get("trial_settings"),
    }
