"""Changes of a subscription that wait until their invoice is paid."""

from __future__ import annotations

from copy import deepcopy

from wagtail_billing_portal.sandbox.billing import (
    banks,
    discounts,
    invoice_items,
    invoicing,
    methods,
    periods,
)
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    merge_metadata,
    supported,
)
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

BEHAVIOR = "pending_if_incomplete"
APPLIED = "customer.subscription.pending_update_applied"
EXPIRED = "customer.subscription.pending_update_expired"
REPLACES = {
    "billing_cycle_anchor",
    "cancel_at",
    "cancel_at_period_end",
    "discounts",
    "items",
    "trial_end",
    "trial_from_plan",
}
"""Parameters that would contradict a pending update, which therefore ends."""

_TIME_TO_PAY = 23 * periods.HOUR
_KEY = "pending_update"
_MAY_WAIT = {
    "add_invoice_items",
    "billing_cycle_anchor",
    "cancel_at_period_end",
    "discounts",
    "items",
    "metadata",
    "off_session",
    "payment_behavior",
    "proration_behavior",
    "proration_date",
    "trial_end",
    "trial_from_plan",
}
_ITEM_FIELDS = (
    "deleted",
    "discounts",
    "id",
    "metadata",
    "price",
    "price_data",
    "quantity",
)


def are_wanted(params: Json) -> bool:
    """Whether a request wants its changes to wait for their payment."""
    return params.get("payment_behavior") == BEHAVIOR


def check(world: World, subscription: Json, params: Json) -> None:
    """Refuse what cannot wait for a payment."""
    for name in sorted(set(params) - _MAY_WAIT):
        raise InvalidRequest(
            f"`{name}` cannot be updated with `payment_behavior={BEHAVIOR}`.",
            param=name,
        )
    for index, sent in enumerate(params.get("items") or []):
        supported(sent, _ITEM_FIELDS, param=f"items[{index}]")
    if subscription["collection_method"] != "charge_automatically":
        raise InvalidRequest(
            f"`payment_behavior={BEHAVIOR}` can only be used where "
            "`collection_method` is `charge_automatically`.",
            param="payment_behavior",
        )
    method = methods.for_subscription(world, subscription)
    if method and method["type"] in banks.CURRENCIES:
        raise InvalidRequest(
            f"`payment_behavior={BEHAVIOR}` cannot be used with bank debits.",
            param="payment_behavior",
        )


def plan(
    before: Json,
    after: Json,
    *,
    invoice: Json,
    params: Json,
    taken: list[str],
) -> None:
    """Note on a subscription what it becomes once an invoice is paid.

    ``taken`` are the invoice items that waited already, and are on that invoice now.
    """
    names = set(after) - {"_sandbox", "latest_invoice", "metadata"}
    changed = {name: after[name] for name in names if after[name] != before[name]}
    before["_sandbox"][_KEY] = {
        "fields": deepcopy(changed),
        "free_of_warning": after["_sandbox"].get("trial_warned"),
        "invoice": invoice["id"],
        "metadata": params.get("metadata"),
        "taken": taken,
        "trial_from_plan": params.get("trial_from_plan"),
    }


def waits_for(subscription: Json, invoice: Json) -> bool:
    """Whether this is the invoice that a pending update waits for."""
    planned = subscription["_sandbox"].get(_KEY)
    return bool(planned and planned["invoice"] == invoice["id"])


def show(world: World, subscription: Json) -> None:
    """The payment failed at first: say what is pending, and until when."""
    planned = subscription["_sandbox"][_KEY]
    fields, metadata = planned["fields"], planned["metadata"]
    ends = [item["current_period_end"] for item in subscription["items"]["data"]]
    expires_at = min(world.now + _TIME_TO_PAY, *ends)
    items = fields.get("items")
    pending = {
        **skeleton("subscription", "pending_update"),
        "expires_at": expires_at,
        "metadata": metadata or None,
        "subscription_items": items["data"] if items else None,
        "trial_from_plan": planned["trial_from_plan"],
    }
    for name in ("billing_cycle_anchor", "cancel_at_period_end", "trial_end"):
        pending[name] = fields.get(name)
    if "discounts" in fields:
        ids = fields["discounts"]
        pending["discounts"] = ids
        pending["discount"] = discounts.shown(world, ids[-1]) if ids else None
    moments = world.private(subscription).setdefault("moments", {})
    moments[_KEY] = expires_at
    subscription["latest_invoice"] = planned["invoice"]
    subscription["pending_update"] = pending


def is_over(world: World, subscription: Json) -> bool:
    """Whether nobody paid in time."""
    moment = subscription["_sandbox"].get("moments", {}).get(_KEY)
    return moment is not None and bool(moment <= world.now)


def take(world: World, subscription: Json, invoice: Json) -> bool:
    """Apply a planned update; tells whether it was pending for all to see."""
    was_shown = subscription["pending_update"] is not None
    planned = _clear(subscription)
    before = {name: subscription[name] for name in ("discounts", "items")}
    subscription.update(planned["fields"], latest_invoice=invoice["id"])
    if planned["metadata"] is not None:
        merge_metadata(subscription, {"metadata": planned["metadata"]})
    world.private(subscription)["trial_warned"] = planned["free_of_warning"]
    settle_discounts(world, before, subscription)
    discounts.used(world, invoice)
    keep_living_discounts(world, subscription)
    return was_shown


def discard(world: World, subscription: Json) -> bool:
    """Forget what is pending and take its invoice back; tells if there was any."""
    if subscription["pending_update"] is None:
        return False
    planned = _clear(subscription)
    invoice = world.get("invoice", planned["invoice"])
    if invoice["status"] in ("open", "uncollectible"):
        invoicing.void(world, invoice)
    invoice_items.release(world, planned["taken"])
    discounts.abandon(world, _discounts_of(planned["fields"]))
    return True


def settle_discounts(world: World, before: Json, after: Json) -> None:
    """Let discounts that were made for an update begin, and end those it replaces."""
    ids = _discounts_of(after)
    discounts.begin(world, ids)
    discounts.drop(world, [id for id in _discounts_of(before) if id not in ids])


def keep_living_discounts(world: World, subscription: Json) -> None:
    """Leave out what was used up by the very invoice that the update came with."""
    for holder in (subscription, *subscription["items"]["data"]):
        holder["discounts"] = discounts.living(world, holder["discounts"])


def _clear(subscription: Json) -> Json:
    subscription["pending_update"] = None
    subscription["_sandbox"].get("moments", {}).pop(_KEY, None)
    planned: Json = subscription["_sandbox"].pop(_KEY)
    return planned


def _discounts_of(subscription: Json) -> list[str]:
    held = subscription.get("items") or {"data": []}
    ids = [id for item in held["data"] for id in item["discounts"]]
    return [*(subscription.get("discounts") or []), *ids]
