"""What Stripe's page offers, in the words of its portal configuration."""

from __future__ import annotations

from ..gateway import Params
from ..models import (
    CancelMode,
    CancelReason,
    CancelSettlement,
    Feature,
    PlanGroup,
    PortalSettings,
)
from ..policies.hosted_plans import HostedPlans, hosted_plans
from ..policies.hosted_rules import hosted_cancels, hosted_changes, hosted_pauses
from .reasons import known_options

#: What empties a list at Stripe; an empty list sends nothing.
NOTHING = ""


def features_of(settings: PortalSettings, group: PlanGroup | None = None) -> Params:
    """The features of a site's configuration, or of the one for a plan group."""
    plans = hosted_plans(group) if group else HostedPlans([], [])
    return {
        "customer_update": {
            "enabled": True,
            "allowed_updates": ["name", "address", "phone", "tax_id"],
        },
        "invoice_history": {"enabled": settings.offers(Feature.INVOICES)},
        "payment_method_update": {"enabled": True},
        "subscription_cancel": _cancel(settings),
        "subscription_pause": _pause(settings),
        "subscription_update": _update(settings, plans),
    }


def _update(settings: PortalSettings, plans: HostedPlans) -> Params:
    changes = hosted_changes(settings, plans)
    waits = {
        "decreasing_item_amount": settings.wait_if_cheaper or settings.wait_if_fewer,
        "shortening_interval": settings.wait_if_shorter,
    }
    conditions = [{"type": name} for name, is_wanted in waits.items() if is_wanted]
    return {
        "enabled": bool(changes),
        "default_allowed_updates": changes or NOTHING,
        "products": plans.products if changes else NOTHING,
        "proration_behavior": str(settings.proration),
        "billing_cycle_anchor": str(settings.billing_anchor),
        "schedule_at_period_end": {"conditions": conditions or NOTHING},
        "trial_update_behavior": str(settings.trial_change),
    }


def _pause(settings: PortalSettings) -> Params:
    if not hosted_pauses(settings):
        return {"enabled": False}
    lengths = [
        {"interval": it.interval, "interval_count": it.interval_count}
        for it in settings.offered_pause_lengths
    ]
    duration: Params = {"type": "indefinite", "interval_options": NOTHING}
    if lengths:
        duration = {"type": "interval_options", "interval_options": lengths}
    return {"enabled": True, "duration": duration}


def _cancel(settings: PortalSettings) -> Params:
    reasons = [
        value
        for value, _label in settings.offered_reasons
        if value in CancelReason.values
    ]
    own = known_options(settings) if settings.ask_cancel_reason else []
    # Stripe's page leaves no choice: then what takes the least away.
    at_once = settings.cancel_mode == CancelMode.IMMEDIATELY
    credits = at_once and settings.cancel_settlement == CancelSettlement.CREDIT
    return {
        "enabled": hosted_cancels(settings),
        "mode": "immediately" if at_once else "at_period_end",
        "proration_behavior": "create_prorations" if credits else "none",
        "cancellation_reason": {
            "enabled": bool(reasons or own),
            # Stripe wants a list even when nothing is asked.
            "options": reasons or list(CancelReason.values),
            "feedback_options": own or NOTHING,
        },
    }
