"""Every mirrored kind, by Stripe's name for it."""

from .catalog import PRICES, PRODUCTS
from .customers import CUSTOMERS
from .family import Family
from .invoices import INVOICES
from .payment_methods import PAYMENT_METHODS
from .subscriptions import SUBSCRIPTIONS

#: In the order in which a backfill meets the fewest stubs.
FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        PRODUCTS,
        PRICES,
        CUSTOMERS,
        PAYMENT_METHODS,
        SUBSCRIPTIONS,
        INVOICES,
    )
}


def mirrored_events() -> list[str]:
    """The event types that the mirror lives on, sorted."""
    return sorted({name for family in FAMILIES.values() for name in family.events})
