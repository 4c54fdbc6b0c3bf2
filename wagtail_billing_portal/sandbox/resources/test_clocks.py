from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox import clock
from wagtail_billing_portal.sandbox.billing import test_clocks
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.resources.customers import delete_customer
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation(
    "POST",
    "/v1/test_helpers/test_clocks",
    handles={"customer", "frozen_time", "name"},
)
def create_test_clock(world: World, params: Json) -> Json:
    """A clock that stands still until it is advanced."""
    customer_id = params.get("customer")
    customer = customer_id and world.get("customer", customer_id, param="customer")
    deletes_after = world.now + test_clocks.LIFETIME
    test_clock = {
        **skeleton(clock.TEST_CLOCK),
        "id": world.new_id("clock_"),
        "created": world.now,
        "deletes_after": deletes_after,
        "frozen_time": params["frozen_time"],
        "name": params.get("name"),
        "status": "ready",
        "status_details": {},
        "_sandbox": {"due_at": deletes_after},
    }
    world.test_clocks[test_clock["id"]] = test_clock["frozen_time"]
    stored = world.add(test_clock, "test_helpers.test_clock.created")
    if customer:
        test_clocks.take_over(world, customer, test_clock["id"])
    return stored


@operation("GET", "/v1/test_helpers/test_clocks/{test_clock}")
def retrieve_test_clock(world: World, params: Json, test_clock: str) -> Json:
    return world.get(clock.TEST_CLOCK, test_clock)


@operation("GET", "/v1/test_helpers/test_clocks")
def list_test_clocks(world: World, params: Json) -> Json:
    return world.list(clock.TEST_CLOCK, params)


@operation(
    "POST",
    "/v1/test_helpers/test_clocks/{test_clock}/advance",
    handles={"frozen_time"},
)
def advance_test_clock(world: World, params: Json, test_clock: str) -> Json:
    """Answered at once, as ``advancing``; whoever looks again finds it ready."""
    stored = world.get(clock.TEST_CLOCK, test_clock)
    return test_clocks.set_out(world, stored, params["frozen_time"])


@operation("DELETE", "/v1/test_helpers/test_clocks/{test_clock}")
def delete_test_clock(world: World, params: Json, test_clock: str) -> Json:
    """Forget a clock with its customers; what they subscribed to ends."""
    stored = world.get(clock.TEST_CLOCK, test_clock)
    for customer in world.find("customer", test_clock=test_clock):
        delete_customer(world, {}, customer["id"])
    return world.delete(stored, "test_helpers.test_clock.deleted")


@clock.due_work(clock.TEST_CLOCK)
def delete_after_its_time(world: World, test_clock: Json) -> None:
    """Nobody needed the clock for a month: it goes, as at Stripe."""
    delete_test_clock(world, {}, test_clock["id"])
