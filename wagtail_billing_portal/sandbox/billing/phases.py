"""The phases of a schedule as they are sent and stored."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import items, methods, phase_terms, taxes
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    merge_metadata,
    supported,
)
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

KIND = "subscription_schedule"
MOST_PHASES = 10
ITEM_FIELDS = ("metadata", "plan", "price", "price_data", "quantity", "tax_rates")
SETTINGS = (
    "automatic_tax",
    "billing_cycle_anchor",
    "collection_method",
    "default_payment_method",
    "description",
    "invoice_settings",
)
FIELDS = (
    *SETTINGS,
    "currency",
    "default_tax_rates",
    "discounts",
    "duration",
    "end_date",
    "items",
    "metadata",
    "proration_behavior",
    "start_date",
    "trial",
    "trial_end",
)


def read(world: World, customer: Json, sent_phases: list[Json]) -> list[Json]:
    """Phases as they are stored, but for when they begin and end."""
    if not sent_phases:
        raise InvalidRequest(
            "You must pass at least one phase.",
            param="phases",
            code="parameter_missing",
        )
    if len(sent_phases) > MOST_PHASES:
        raise InvalidRequest(
            f"A schedule can have at most {MOST_PHASES} current and future phases.",
            param="phases",
        )
    return [
        _phase(world, customer, sent, path=f"phases[{index}]")
        for index, sent in enumerate(sent_phases)
    ]


def write_settings(
    world: World, holder: Json, sent: Json, customer: str, *, path: str
) -> None:
    """Put into a phase, or into the defaults, how the subscription is paid."""
    for name in ("billing_cycle_anchor", "collection_method", "description"):
        if name in sent:
            holder[name] = sent[name] or None
    if method_id := sent.get("default_payment_method"):
        param = f"{path}[default_payment_method]"
        methods.owned(world, method_id, customer, param=param)
        holder["default_payment_method"] = method_id
    phase_terms.write_automatic_tax(world, holder, sent, customer, path=path)
    phase_terms.write_invoice_settings(world, holder, sent, path=path)


def of_subscription(subscription: Json) -> Json:
    """The phase that a subscription is in as it stands."""
    present = subscription["items"]["data"]
    return {
        **_blank(),
        **phase_terms.of_subscription(subscription),
        "currency": subscription["currency"],
        "end_date": min(item["current_period_end"] for item in present),
        "items": [
            {
                **skeleton(KIND, "phases", "items"),
                "metadata": dict(item["metadata"]),
                "plan": item["price"]["id"],
                "price": item["price"]["id"],
                "quantity": item["quantity"],
                "tax_rates": list(item["tax_rates"] or []),
            }
            for item in present
        ],
        "start_date": min(item["current_period_start"] for item in present),
        "trial_end": subscription["trial_end"]
        if subscription["status"] == "trialing"
        else None,
    }


def _blank() -> Json:
    return {
        **skeleton(KIND, "phases"),
        "default_tax_rates": [],
        "proration_behavior": "create_prorations",
    }


def _phase(world: World, customer: Json, sent: Json, *, path: str) -> Json:
    supported(sent, FIELDS, param=path)
    prices = [
        _price(world, item, path=f"{path}[items][{index}]")
        for index, item in enumerate(sent["items"])
    ]
    _check_trial(sent, path)
    if len({price["id"] for price in prices}) < len(prices):
        raise InvalidRequest(
            "Cannot add multiple subscription items with the same plan.",
            param=f"{path}[items]",
        )
    phase = {
        **_blank(),
        "currency": items.common_currency(
            customer, prices, sent.get("currency"), param=f"{path}[items]"
        ),
        "items": [
            _item(world, item, price, path=f"{path}[items][{index}]")
            for index, (item, price) in enumerate(
                zip(sent["items"], prices, strict=True)
            )
        ],
        "proration_behavior": sent.get("proration_behavior", "create_prorations"),
        "trial": True if sent.get("trial") else None,
    }
    merge_metadata(phase, sent)
    write_settings(world, phase, sent, customer["id"], path=path)
    phase_terms.read(world, phase, sent, path=path)
    return phase


def _price(world: World, sent: Json, *, path: str) -> Json:
    supported(sent, ITEM_FIELDS, param=path)
    wish = dict(sent)
    if plan := wish.pop("plan", None):
        wish.setdefault("price", plan)
    return items.recurring_price(world, wish, param=path)


def _item(world: World, sent: Json, price: Json, *, path: str) -> Json:
    item = {
        **skeleton(KIND, "phases", "items"),
        "plan": price["id"],
        "price": price["id"],
        "quantity": items.quantity_of(sent, price, param=path),
        "tax_rates": taxes.read(
            world, sent.get("tax_rates") or [], param=f"{path}[tax_rates]"
        ),
    }
    merge_metadata(item, sent)
    return item


def _check_trial(sent: Json, path: str) -> None:
    tries = sent.get("trial") or sent.get("trial_end")
    if tries and sent.get("billing_cycle_anchor") == "phase_start":
        raise InvalidRequest(
            "`billing_cycle_anchor` cannot be `phase_start` in a phase with a trial.",
            param=f"{path}[billing_cycle_anchor]",
        )
