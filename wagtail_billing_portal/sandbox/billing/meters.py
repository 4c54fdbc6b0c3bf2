"""Metered usage: events in, quantities out."""

from __future__ import annotations

from decimal import Decimal

from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.world import World

EVENT = "_meter_event"


def usage(
    world: World, meter_id: str, customer_id: str, start: int, end: int
) -> Decimal:
    """What a customer used from ``start`` until just before ``end``."""
    meter = world.get("billing.meter", meter_id)
    return aggregate(meter, events_within(world, meter, customer_id, start, end))


def events_within(
    world: World, meter: Json, customer_id: str, start: int, end: int
) -> list[Json]:
    """A customer's living events of a meter in a span of time, oldest first."""
    found = world.find(
        EVENT,
        meter=meter["id"],
        customer=customer_id,
        timestamp__gte=start,
        timestamp__lt=end,
        canceled=False,
    )
    return sorted(reversed(found), key=lambda event: event["timestamp"])


def aggregate(meter: Json, events: list[Json]) -> Decimal:
    """One figure for several events, by the meter's formula."""
    values = [Decimal(event["value"]) for event in events]
    match meter["default_aggregation"]["formula"]:
        case "count":
            return Decimal(len(values))
        case "last":
            return values[-1] if values else Decimal(0)
    return sum(values, Decimal(0))
