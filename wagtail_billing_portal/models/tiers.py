"""The steps of a price that depends on how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Tier:
    """One step: the units from ``above`` (not included) to ``up_to`` (included)."""

    above: int
    #: ``None``: the last one, which has no end.
    up_to: int | None
    #: Minor units for each unit; ``None``: nothing but the flat fee.
    unit: Decimal | None
    #: Minor units for getting there, however many it holds then.
    flat: Decimal | None

    @property
    def is_flat_only(self) -> bool:
        return self.unit is None and self.flat is not None

    def share_of(self, quantity: Decimal) -> Decimal:
        """How many of the first ``quantity`` units fall into this step."""
        end = quantity if self.up_to is None else min(quantity, Decimal(self.up_to))
        return max(end - self.above, Decimal(0))

    def is_reached_by(self, quantity: Decimal) -> bool:
        """Whether so many get there; the first one is where everybody begins."""
        return quantity > self.above or self.above == 0

    def holds(self, quantity: Decimal) -> bool:
        """Whether it is the step in which ``quantity`` ends."""
        is_below = self.up_to is None or quantity <= self.up_to
        return self.is_reached_by(quantity) and is_below

    def cost_of(self, quantity: Decimal) -> Decimal:
        """Minor units for ``quantity`` units of this step, with what it costs to enter."""
        return quantity * (self.unit or Decimal(0)) + (self.flat or Decimal(0))


def costs_of(
    tiers: Sequence[Tier], quantity: Decimal, *, by_volume: bool
) -> list[Decimal]:
    """Minor units for ``quantity`` units, step by step; empty where no step holds them.

    ``by_volume``: all of them cost what the last one does, instead of each its own.
    """
    last = next((tier for tier in tiers if tier.holds(quantity)), None)
    if last is None:
        return []
    if by_volume:
        return [last.cost_of(quantity)]
    reached = (tier for tier in tiers if tier.is_reached_by(quantity))
    return [tier.cost_of(tier.share_of(quantity)) for tier in reached]


def tiers_from(entries: Sequence[dict[str, Any]]) -> list[Tier]:
    """Stripe's ``tiers``, lowest first."""
    tiers: list[Tier] = []
    for entry in entries:
        above = tiers[-1].up_to if tiers else 0
        up_to = entry.get("up_to")
        tiers.append(
            Tier(
                above=above or 0,
                up_to=None if up_to is None else int(up_to),
                unit=exactly(entry, "unit_amount"),
                flat=exactly(entry, "flat_amount"),
            )
        )
    return tiers


def exactly(entry: dict[str, Any], name: str) -> Decimal | None:
    """An amount with its fractions of the minor unit, if it has any."""
    value = entry.get(f"{name}_decimal")
    value = entry.get(name) if value is None else value
    return None if value is None else Decimal(str(value))
