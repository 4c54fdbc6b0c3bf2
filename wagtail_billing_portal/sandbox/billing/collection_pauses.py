"""Bills that are drawn up but not collected, for a while."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import drafts, invoicing
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

MOMENT = "collection_resumes"


def write(world: World, subscription: Json, params: Json) -> None:
    """Apply ``pause_collection``; an empty string takes it back."""
    if "pause_collection" not in params:
        return
    sent = params["pause_collection"] or None
    moments = world.private(subscription).setdefault("moments", {})
    moments.pop(MOMENT, None)
    subscription["pause_collection"] = None
    if sent is None:
        return
    resumes_at = sent.get("resumes_at")
    if resumes_at is not None:
        if resumes_at <= world.now:
            raise InvalidRequest(
                "`pause_collection[resumes_at]` must be a timestamp in the future.",
                param="pause_collection[resumes_at]",
            )
        moments[MOMENT] = resumes_at
    subscription["pause_collection"] = {
        "behavior": sent["behavior"],
        "resumes_at": resumes_at,
    }


def is_over(world: World, subscription: Json) -> bool:
    """Whether collecting begins again now."""
    moment = subscription["_sandbox"].get("moments", {}).get(MOMENT)
    return moment is not None and bool(moment <= world.now)


def end(world: World, subscription: Json) -> None:
    """Collect from now on; what was left aside stays as it is."""
    world.private(subscription)["moments"].pop(MOMENT)
    subscription["pause_collection"] = None


def hold(world: World, subscription: Json, invoice: Json) -> None:
    """Keep a new draft for an hour, or for good while nothing is collected."""
    if _behavior(subscription) == "keep_as_draft":
        invoice["auto_advance"] = False
    else:
        drafts.hold_for_an_hour(world, invoice)


def waive(world: World, invoice: Json) -> bool:
    """Whether a bill that was just finalized is not asked for; then it is settled."""
    subscription = invoicing.subscription_of(world, invoice)
    if subscription is None or not invoice["amount_due"]:
        return False
    match _behavior(subscription):
        case "void":
            invoicing.void(world, invoice)
        case "mark_uncollectible":
            _write_off(world, invoice)
        case _:
            return False
    return True


def _behavior(subscription: Json) -> str | None:
    paused = subscription["pause_collection"]
    return paused["behavior"] if paused else None


def _write_off(world: World, invoice: Json) -> None:
    invoice["status"] = "uncollectible"
    invoice["status_transitions"]["marked_uncollectible_at"] = world.now
    invoicing.stop_collecting(world, invoice)
    world.save(invoice, "invoice.updated")
    world.emit("invoice.marked_uncollectible", invoice)
