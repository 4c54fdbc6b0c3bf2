"""Every mirrored kind, by Stripe's name for it."""

from .catalog import PRICES, PRODUCTS
from .credits import CREDIT_NOTES, INVOICE_PAYMENTS, REFUNDS
from .customers import CUSTOMERS, TAX_IDS
from .discounts import COUPONS, DISCOUNTS, PROMOTION_CODES
from .entitlements import ENTITLEMENT_SUMMARIES, FEATURES
from .family import Family
from .invoices import INVOICES
from .payment_methods import PAYMENT_METHODS
from .portal_configurations import PORTAL_CONFIGURATIONS
from .schedules import SCHEDULES
from .subscriptions import SUBSCRIPTIONS

#: In the order in which a backfill meets the fewest stubs.
FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        FEATURES,
        PRODUCTS,
        PRICES,
        COUPONS,
        CUSTOMERS,
        PROMOTION_CODES,
        TAX_IDS,
        PAYMENT_METHODS,
        SUBSCRIPTIONS,
        SCHEDULES,
        DISCOUNTS,
        INVOICES,
        INVOICE_PAYMENTS,
        CREDIT_NOTES,
        REFUNDS,
        ENTITLEMENT_SUMMARIES,
        PORTAL_CONFIGURATIONS,
    )
}


def mirrored_events() -> list[str]:
    """The event types that the mirror lives on, sorted."""
    return sorted({name for family in FAMILIES.values() for name in family.events})
