"""What a quantity costs at a price, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.rounding import whole
from wagtail_billing_portal.sandbox.errors import InvalidRequest

_ROUNDING = {"up": ROUND_CEILING, "down": ROUND_FLOOR}


@dataclass(frozen=True)
class Part:
    """One line of a calculation.

    ``label`` names the tier, such as "Tier 1" or "Flat fee for tier 1", and is empty
    where there is nothing to tell apart. ``unit_amount`` is null for a flat fee.
    """

    quantity: int | Decimal
    unit_amount: Decimal | None
    amount: int
    label: str = ""


def parts(price: Json, currency: str, quantity: int | Decimal) -> list[Part]:
    """What ``quantity`` units cost: a part per tier entered, or a single one.

    Graduated prices give one part for each tier and one for each flat fee on the way;
    volume prices charge everything at the rate of the tier that holds it.
    """
    option = price["_sandbox"]["currency_options"][currency]
    if price["billing_scheme"] == "per_unit":
        return [_per_unit(price, option, quantity)]
    if price["tiers_mode"] == "volume":
        return list(_volume(option["tiers"], quantity))
    return list(_graduated(option["tiers"], quantity))


def tier_of(tiers: list[Json], quantity: int | Decimal) -> int:
    """The index of the tier that a quantity falls into."""
    for index, tier in enumerate(tiers):
        if tier["up_to"] is None or quantity <= tier["up_to"]:
            return index
    return len(tiers) - 1


def packages(price: Json, quantity: int | Decimal) -> int | Decimal:
    """How many units are charged for: ``transform_quantity`` sells by the dozen."""
    transform = price["transform_quantity"]
    if transform is None:
        return quantity
    exact = Decimal(quantity) / transform["divide_by"]
    return int(exact.to_integral_value(rounding=_ROUNDING[transform["round"]]))


def _per_unit(price: Json, option: Json, quantity: int | Decimal) -> Part:
    if option["unit_amount_decimal"] is None:
        raise InvalidRequest(
            f"The price {price['id']} lets the customer choose what to pay, which only "
            "a Checkout Session in `payment` mode can ask for."
        )
    unit = Decimal(option["unit_amount_decimal"])
    return Part(quantity, unit, whole(unit * packages(price, quantity)))


def _volume(tiers: list[Json], quantity: int | Decimal) -> Iterator[Part]:
    index = tier_of(tiers, quantity)
    yield from _tier_parts(tiers[index], index, quantity, plain_unit=True)


def _graduated(tiers: list[Json], quantity: int | Decimal) -> Iterator[Part]:
    """The first tier is always entered: its flat fee is due for nothing, too."""
    below: int | Decimal = 0
    for index, tier in enumerate(tiers):
        if index and quantity <= below:
            return
        end = quantity if tier["up_to"] is None else min(quantity, tier["up_to"])
        yield from _tier_parts(tier, index, end - below)
        below = end


def _tier_parts(
    tier: Json, index: int, quantity: int | Decimal, *, plain_unit: bool = False
) -> Iterator[Part]:
    name = f"Tier {index + 1}"
    flat, unit = tier["flat_amount_decimal"], tier["unit_amount_decimal"]
    if unit is not None or flat is None:
        exact = Decimal(unit or 0)
        label = "" if plain_unit else name
        yield Part(quantity, exact, whole(exact * quantity), label)
    if flat is not None:
        yield Part(1, None, whole(Decimal(flat)), f"Flat fee for {name.lower()}")
