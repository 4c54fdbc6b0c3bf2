"""What an event says: its body, and what changed since the version before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import store
from .contract import API_VERSION

if TYPE_CHECKING:
    from .world import World

ABSENT = object()


def build(
    world: World, type_: str, obj: dict[str, Any], previous: dict[str, Any] | None
) -> dict[str, Any]:
    """An event about ``obj`` as it is now, at the world's time."""
    data: dict[str, Any] = {"object": store.public(obj)}
    if previous is not None:
        data["previous_attributes"] = previous
    return {
        "id": world.new_id("evt_"),
        "object": "event",
        "api_version": API_VERSION,
        "created": world.now,
        "data": data,
        "livemode": False,
        "pending_webhooks": 0,
        "request": {
            "id": world.request_id,
            "idempotency_key": world.idempotency_key,
        },
        "type": type_,
    }


def previous_attributes(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The old values of what changed, by Stripe's rules.

    Nested objects hold only their changed keys, lists the whole old list, and a
    key that was not there before is null. What is private is nobody's business.
    """
    changed: dict[str, Any] = {}
    for key in (old.keys() | new.keys()) - {store.PRIVATE}:
        before, after = old.get(key, ABSENT), new.get(key, ABSENT)
        if before == after:
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            if inner := previous_attributes(before, after):
                changed[key] = inner
        elif (shown := store.public(before)) != store.public(after):
            changed[key] = None if shown is ABSENT else shown
    return changed
