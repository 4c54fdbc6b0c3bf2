"""How many decimals each currency has on Stripe's wire."""

from __future__ import annotations

# https://docs.stripe.com/currencies; the portal keeps the same table for itself,
# because neither side may lean on the other.
ZERO_DECIMAL = frozenset(
    "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split()
)
THREE_DECIMAL = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])


def exponent_of(currency: str) -> int:
    """How many decimals an amount of ``currency`` carries: 0, 2 or 3."""
    code = currency.lower()
    if code in ZERO_DECIMAL:
        return 0
    return 3 if code in THREE_DECIMAL else 2
