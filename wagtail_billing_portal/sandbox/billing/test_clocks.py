"""Test clocks: how far they go, and what happens on the way."""

from __future__ import annotations

import datetime as dt
from typing import Any

from wagtail_billing_portal.sandbox import clock, store
from wagtail_billing_portal.sandbox.billing import periods, standing
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

MOST_CUSTOMERS = 3
LIFETIME = 30 * 24 * 3600
_INTERVALS = 2
_WITHOUT_ANY = {"interval": "year", "interval_count": 1}


def assign(world: World, customer: Json, test_clock: str) -> None:
    """Put a customer, and all that is the customer's, on a test clock for good."""
    world.get(clock.TEST_CLOCK, test_clock, param="test_clock")
    if len(world.find("customer", test_clock=test_clock)) >= MOST_CUSTOMERS:
        raise InvalidRequest(
            f"You have reached the limit of {MOST_CUSTOMERS} customers per test clock.",
            param="test_clock",
        )
    customer["test_clock"] = test_clock


def take_over(world: World, customer: Json, test_clock: str) -> None:
    """Put a customer who exists already on a test clock, with all there is of hers."""
    if customer["test_clock"]:
        raise InvalidRequest(
            f"Customer {customer['id']} is already attached to a test clock.",
            param="customer",
        )
    assign(world, customer, test_clock)
    world.save(customer, "customer.updated")
    store.put_on_test_clock(world.account, customer["id"], test_clock)
    for kind in ("subscription", "subscription_schedule", "invoice", "invoiceitem"):
        for obj in world.find(kind, customer=customer["id"]):
            world.save({**obj, "test_clock": test_clock})


def set_out(world: World, test_clock: Json, to: int) -> Json:
    """Begin to advance; it arrives once the request is answered."""
    _check(world, test_clock, to)
    advancing = {"target_frozen_time": to}
    test_clock.update(status="advancing", status_details={"advancing": advancing})
    world.save(test_clock)
    world.emit("test_helpers.test_clock.advancing", test_clock)
    world.afterwards.append(lambda: arrive(world, test_clock["id"]))
    return test_clock


def arrive(world: World, test_clock_id: str) -> None:
    """Do what falls due on the way, and stand still where the clock was sent."""
    test_clock = world.get(clock.TEST_CLOCK, test_clock_id)
    to = test_clock["status_details"]["advancing"]["target_frozen_time"]
    clock.run_due(world, to, test_clock=test_clock_id)
    test_clock = world.get(clock.TEST_CLOCK, test_clock_id)
    test_clock.update(status="ready", status_details={}, frozen_time=to)
    world.save(test_clock)
    world.set_time(to)
    with world.at(to, test_clock=test_clock_id):
        world.emit("test_helpers.test_clock.ready", test_clock)


def _check(world: World, test_clock: Json, to: int) -> None:
    frozen = test_clock["frozen_time"]
    if to <= frozen:
        raise InvalidRequest(
            f"The frozen time of this clock is {_told(frozen)}. A test clock can only "
            "be advanced to a time after it.",
            param="frozen_time",
        )
    furthest = _furthest(world, test_clock)
    if to > furthest:
        raise InvalidRequest(
            f"The frozen time of this clock is {_told(frozen)}. You can only advance "
            f"it up to {_told(furthest)}. You can only advance a test clock up to two "
            "intervals from the current frozen time at a time, based on the shortest "
            "subscription interval in the test clock.",
            param="frozen_time",
        )


def _furthest(world: World, test_clock: Json) -> int:
    frozen = test_clock["frozen_time"]
    rhythms = [
        item["price"]["recurring"]
        for subscription in world.find("subscription", test_clock=test_clock["id"])
        if subscription["status"] not in standing.ENDED
        for item in subscription["items"]["data"]
    ]
    return min(_later(frozen, rhythm) for rhythm in rhythms or [_WITHOUT_ANY])


def _later(moment: int, rhythm: Json) -> int:
    twice = {**rhythm, "interval_count": _INTERVALS * rhythm["interval_count"]}
    return periods.period_end(moment, anchor=moment, recurring=twice)


def _told(moment: int) -> str:
    at = dt.datetime.fromtimestamp(moment, dt.UTC)
    return f"{moment} ({at:%Y-%m-%d %H:%M:%S} UTC)"
