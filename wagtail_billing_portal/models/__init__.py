"""All models. Outside code imports from here; modules depend downwards only:

mirrored < backfills, customers < catalog, payment_methods < subscriptions < invoices
"""

from .backfills import BackfillProgress
from .catalog import Price, Product
from .customers import Customer, CustomerAccess, KeptRequest, Role
from .events import EventStatus, StripeEvent
from .invoices import Invoice, InvoiceState
from .mirrored import MirroredObject, MirroredQuerySet
from .payment_methods import PaymentMethod
from .portal_settings import CancelMode, CancelReason, Feature, PortalSettings
from .subscriptions import (
    Subscription,
    SubscriptionItem,
    SubscriptionQuerySet,
    SubscriptionState,
    moment,
)

__all__ = [
    "BackfillProgress",
    "CancelMode",
    "CancelReason",
    "Customer",
    "CustomerAccess",
    "EventStatus",
    "Feature",
    "Invoice",
    "InvoiceState",
    "KeptRequest",
    "MirroredObject",
    "MirroredQuerySet",
    "PaymentMethod",
    "PortalSettings",
    "Price",
    "Product",
    "Role",
    "StripeEvent",
    "Subscription",
    "SubscriptionItem",
    "SubscriptionQuerySet",
    "SubscriptionState",
    "moment",
]
