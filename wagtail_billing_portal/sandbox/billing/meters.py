"""Metered usage: events in, quantities out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.periods import DAY, HOUR
from wagtail_billing_portal.sandbox.billing.rounding import plain
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

EVENT = "_meter_event"
WINDOWS = {"hour": HOUR, "day": DAY}

_OLDEST = 35 * DAY
_FURTHEST_AHEAD = 5 * 60
_MOST_DECIMALS = 12


def usage(
    world: World, meter_id: str, customer_id: str, start: int, end: int
) -> Decimal:
    """What a customer used from ``start`` until just before ``end``."""
    meter = world.get("billing.meter", meter_id)
    return aggregate(meter, events_within(world, meter, customer_id, start, end))


def by_window(
    world: World, meter: Json, customer_id: str, start: int, end: int, length: int
) -> Iterator[tuple[int, Decimal]]:
    """The usage of each window in which there was any, the latest first."""
    windows: dict[int, list[Json]] = {}
    for event in events_within(world, meter, customer_id, start, end):
        windows.setdefault(event["timestamp"] // length * length, []).append(event)
    for begin in sorted(windows, reverse=True):
        yield begin, aggregate(meter, windows[begin])


def events_within(
    world: World, meter: Json, customer_id: str, start: int, end: int
) -> list[Json]:
    """A customer's events of a meter that count in a span of time, oldest first."""
    received = [
        event
        for event in reversed(world.find(EVENT, customer=customer_id))
        if event["meter"] == meter["id"]
        and start <= event["timestamp"] < end
        and not event["canceled"]
    ]
    if window := WINDOWS.get(meter["event_time_window"]):
        latest = {event["timestamp"] // window: event for event in received}
        received = list(latest.values())
    return sorted(received, key=lambda event: int(event["timestamp"]))


def aggregate(meter: Json, events: list[Json]) -> Decimal:
    """One figure for several events, by the meter's formula."""
    values = [Decimal(event["value"]) for event in events]
    match meter["default_aggregation"]["formula"]:
        case "count":
            return Decimal(len(values))
        case "last":
            return values[-1] if values else Decimal(0)
    return sum(values, Decimal(0))


def record(world: World, params: Json) -> Json:
    """Take in a usage event, or refuse it as Stripe would."""
    meter = active_meter(world, params["event_name"])
    payload = params["payload"]
    customer_id = _customer_in(world, meter, payload)
    value = _value_in(meter, payload)
    timestamp = params.get("timestamp", world.now)
    _check_time(world, timestamp)
    identifier = params.get("identifier") or world.new_id("")
    if any(recent(world, identifier)):
        raise InvalidRequest(
            f"An event already exists with identifier {identifier}.",
            param="identifier",
        )
    return world.add(
        {
            "id": world.new_id("mtrev_"),
            "object": EVENT,
            "canceled": False,
            "created": world.now,
            "customer": customer_id,
            "identifier": identifier,
            "meter": meter["id"],
            "payload": payload,
            "timestamp": timestamp,
            "value": plain(value),
        }
    )


def recent(world: World, identifier: str) -> Iterator[Json]:
    """Events of the last day that came under an identifier."""
    for event in world.find(EVENT, identifier=identifier):
        if event["created"] > world.now - DAY:
            yield event


def active_meter(world: World, event_name: str) -> Json:
    """The meter that counts events of a name."""
    for meter in world.find("billing.meter", event_name=event_name):
        if meter["status"] == "active":
            return meter
    raise InvalidRequest(
        f"No active meter found for the event name '{event_name}'.", param="event_name"
    )


def _customer_in(world: World, meter: Json, payload: Json) -> str:
    key = meter["customer_mapping"]["event_payload_key"]
    if not payload.get(key):
        raise InvalidRequest(
            f"Customer mapping key {key} not found in payload.", param="payload"
        )
    customer_id = str(payload[key])
    world.get("customer", customer_id, param=f"payload[{key}]")
    world.follow([customer_id])
    return customer_id


def _value_in(meter: Json, payload: Json) -> Decimal:
    key = meter["value_settings"]["event_payload_key"]
    if meter["default_aggregation"]["formula"] == "count" and key not in payload:
        return Decimal(1)
    if key not in payload:
        raise InvalidRequest(f"Value key {key} not found in payload.", param="payload")
    try:
        value = Decimal(payload[key])
    except InvalidOperation:
        value = Decimal("NaN")
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -_MOST_DECIMALS:
        raise InvalidRequest(
            f"Invalid value in payload: {payload[key]} is not a number with at most "
            f"{_MOST_DECIMALS} decimals.",
            param=f"payload[{key}]",
        )
    return value


def _check_time(world: World, timestamp: int) -> None:
    if timestamp < world.now - _OLDEST:
        raise InvalidRequest(
            "The timestamp must be within the past 35 calendar days.",
            param="timestamp",
        )
    if timestamp > world.now + _FURTHEST_AHEAD:
        raise InvalidRequest(
            "The timestamp must not be more than 5 minutes in the future.",
            param="timestamp",
        )
