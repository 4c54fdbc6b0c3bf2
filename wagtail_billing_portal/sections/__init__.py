"""The portal's parts: each one component with one template, on any page."""

from .cancel_confirm import CancelConfirmSection
from .cancel_reason import CancelReasonSection
from .hosted_portal import HostedPortalSection
from .invoices import InvoiceFilter, InvoicesSection
from .plans import Plan, PlansSection
from .subscription_detail import SubscriptionDetailSection
from .subscriptions import SubscriptionsSection

__all__ = [
    "CancelConfirmSection",
    "CancelReasonSection",
    "HostedPortalSection",
    "InvoiceFilter",
    "InvoicesSection",
    "Plan",
    "PlansSection",
    "SubscriptionDetailSection",
    "SubscriptionsSection",
]
