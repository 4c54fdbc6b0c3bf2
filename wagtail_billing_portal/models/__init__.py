"""All models. Outside code imports from here; modules depend downwards only:

mirrored < backfills, customers < catalog, payment_methods < subscriptions < invoices,
schedules < payments; subscriptions < acts, discounts, subscription_items; customers <
entitlements, tax_ids; portal_choices < portal_settings < plan_groups, leaving
"""

from .acts import Act, SubscriptionAct
from .backfills import BackfillProgress
from .catalog import Price, Product
from .customers import Customer, CustomerAccess, KeptRequest, Role
from .discounts import Coupon, Discount, PromotionCode
from .entitlements import ActiveEntitlement, EntitlementFeature, EntitlementSummary
from .events import EventStatus, StripeEvent
from .invoices import Invoice, InvoiceState
from .leaving import Interval, OwnReason, PauseLength, RetentionOffer
from .mirrored import MirroredObject, MirroredQuerySet
from .payment_methods import PaymentMethod
from .payments import CreditNote, InvoicePayment, Refund
from .plan_groups import GroupedPrice, PlanGroup
from .portal_choices import (
    BillingAnchor,
    CancelMode,
    CancelReason,
    CancelSettlement,
    Feature,
    OfferKind,
    Place,
    Proration,
    TrialChange,
)
from .portal_configurations import PortalConfiguration
from .portal_settings import PortalSettings
from .schedules import SubscriptionSchedule
from .subscription_items import SubscriptionItem
from .subscriptions import (
    Subscription,
    SubscriptionQuerySet,
    SubscriptionState,
    moment,
)
from .tax_ids import TaxID

__all__ = [
    "Act",
    "BillingAnchor",
    "CancelSettlement",
    "GroupedPrice",
    "Interval",
    "OfferKind",
    "OwnReason",
    "PauseLength",
    "Place",
    "PlanGroup",
    "Proration",
    "RetentionOffer",
    "SubscriptionAct",
    "TrialChange",
    "ActiveEntitlement",
    "BackfillProgress",
    "CancelMode",
    "CancelReason",
    "Coupon",
    "CreditNote",
    "Customer",
    "CustomerAccess",
    "Discount",
    "EntitlementFeature",
    "EntitlementSummary",
    "EventStatus",
    "Feature",
    "Invoice",
    "InvoicePayment",
    "InvoiceState",
    "KeptRequest",
    "MirroredObject",
    "MirroredQuerySet",
    "PaymentMethod",
    "PortalConfiguration",
    "PortalSettings",
    "Price",
    "Product",
    "PromotionCode",
    "Refund",
    "Role",
    "StripeEvent",
    "Subscription",
    "SubscriptionItem",
    "SubscriptionQuerySet",
    "SubscriptionSchedule",
    "SubscriptionState",
    "TaxID",
    "moment",
]
