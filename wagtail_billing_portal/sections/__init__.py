"""The portal's parts: each one component with one template, on any page."""

from .cancel_confirm import CancelConfirmSection
from .cancel_offer import CancelOfferSection
from .cancel_reason import CancelReasonSection
from .changes import (
    ChangeConfirmSection,
    ChangePlanSection,
    ExtrasSection,
)
from .hosted_portal import HostedPortalSection
from .invoices import InvoiceFilter, InvoicesSection
from .main_subscription import MainSubscriptionSection
from .pausing import PauseSection, ResumeSection
from .plans import Plan, PlansSection
from .quantities import QuantitySection
from .subscription_detail import SubscriptionDetailSection
from .subscriptions import SubscriptionsSection
from .usage import MeteredSection, UsageSection

__all__ = [
    "CancelConfirmSection",
    "CancelOfferSection",
    "CancelReasonSection",
    "ChangeConfirmSection",
    "ChangePlanSection",
    "ExtrasSection",
    "HostedPortalSection",
    "InvoiceFilter",
    "InvoicesSection",
    "MainSubscriptionSection",
    "MeteredSection",
    "PauseSection",
    "Plan",
    "PlansSection",
    "QuantitySection",
    "ResumeSection",
    "SubscriptionDetailSection",
    "SubscriptionsSection",
    "UsageSection",
]
