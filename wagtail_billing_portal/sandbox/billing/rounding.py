"""Rounding by one rule: whole minor units, halves away from zero."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def whole(amount: Decimal) -> int:
    """To the nearest minor unit, halves away from zero."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def share(amount: int, *, part: int, of: int) -> int:
    """``amount`` for ``part`` seconds out of ``of``."""
    return whole(Decimal(amount) * part / of)


def allocate(amount: int, weights: list[int]) -> list[int]:
    """``amount`` in whole parts proportional to ``weights``: their sum is exact.

    What rounding down leaves over goes to the largest remainders, first come first
    served. Weights are not negative; where all are zero, so is every part.
    """
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    parts = [amount * weight // total for weight in weights]
    remainders = [amount * weight % total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-remainders[i], i))
    for index in by_remainder[: amount - sum(parts)]:
        parts[index] += 1
    return parts


def plain(amount: Decimal) -> str:
    """A decimal as the API writes it: no exponent, no trailing zeros."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
