"""Stripe's portal configuration, kept like the site's portal settings."""

from __future__ import annotations

from typing import Any

from ..exceptions import UnknownStripeObject
from ..gateway import (
    Params,
    answer_of,
    forget_request,
    kept_request,
    new_key,
    options,
    stripe_for,
)
from ..models import (
    CancelMode,
    CancelReason,
    CancelSettlement,
    Feature,
    PortalSettings,
)
from .reasons import are_known, known_options, let_go, push_reasons

MANAGER = "wagtail_billing_portal"


def push_configuration(settings: PortalSettings) -> str:
    """Make Stripe's portal offer what the site's settings offer; returns its id."""
    push_reasons(settings)
    params = configuration_params(settings)
    known = settings.stripe_configuration
    let_go(settings)
    if not (known and _is_updated(settings, known, params)):
        known = _made_once(settings, params)
    if known != settings.stripe_configuration:
        # Not save(): that would push again.
        PortalSettings.objects.filter(pk=settings.pk).update(stripe_configuration=known)
        settings.stripe_configuration = known
    return known


def plan_configuration(settings: PortalSettings) -> str:
    """What has to become of Stripe's configuration: "created", "updated", "unchanged".

    Only looks at Stripe, and changes nothing.
    """
    if not (known := settings.stripe_configuration):
        return "created"
    try:
        with stripe_for(settings.stripe_account) as client:
            found = client.v1.billing_portal.configurations.retrieve(known)
    except UnknownStripeObject:
        return "created"
    is_right = are_known(settings) and _agrees(
        answer_of(found).data, configuration_params(settings)
    )
    return "unchanged" if is_right else "updated"


def configuration_params(settings: PortalSettings) -> Params:
    """The settings in the words of Stripe's configuration."""
    profile = {
        "headline": settings.headline,
        "privacy_policy_url": settings.privacy_policy_url,
        "terms_of_service_url": settings.terms_of_service_url,
    }
    return {
        "name": f"{settings.site.hostname} ({MANAGER})",
        "business_profile": profile,
        "metadata": {"managed_by": MANAGER, "site": str(settings.site_id)},
        "features": {
            "customer_update": {
                "enabled": True,
                "allowed_updates": ["name", "address", "phone", "tax_id"],
            },
            "invoice_history": {"enabled": settings.offers(Feature.INVOICES)},
            "payment_method_update": {"enabled": True},
            "subscription_cancel": _cancel_params(settings),
            "subscription_update": {"enabled": False},
        },
    }


def _cancel_params(settings: PortalSettings) -> Params:
    reasons = [
        value
        for value, _label in settings.offered_reasons
        if value in CancelReason.values
    ]
    own = known_options(settings) if settings.ask_cancel_reason else []
    # Stripe's portal leaves no choice: then what takes the least away.
    at_once = settings.cancel_mode == CancelMode.IMMEDIATELY
    credits = at_once and settings.cancel_settlement == CancelSettlement.CREDIT
    return {
        "enabled": settings.offers(Feature.CANCEL),
        "mode": "immediately" if at_once else "at_period_end",
        "proration_behavior": "create_prorations" if credits else "none",
        "cancellation_reason": {
            "enabled": bool(reasons or own),
            # Stripe wants a list even when nothing is asked.
            "options": reasons or list(CancelReason.values),
            "feedback_options": own or "",
        },
    }


def _is_updated(settings: PortalSettings, id: str, params: Params) -> bool:
    """Update a configuration; false when the account knows none of that id."""
    try:
        with stripe_for(settings.stripe_account) as client:
            client.v1.billing_portal.configurations.update(
                id, params, options(new_key())
            )
    except UnknownStripeObject:
        # Deleted with its test data, or the site has another account than before.
        return False
    return True


def _made_once(settings: PortalSettings, params: Params) -> str:
    """Make a configuration, one however many do so at the same moment."""
    purpose = f"portal:{settings.stripe_account}:{settings.pk}"
    while True:
        key, first = kept_request(purpose, params)
        with stripe_for(settings.stripe_account) as client:
            made = client.v1.billing_portal.configurations.create(first, options(key))
        is_news = first == params and not answer_of(made).is_replayed
        # What was made earlier may be gone by now, or another one than is wanted.
        if is_news or _is_updated(settings, made.id, params):
            return made.id
        forget_request(purpose)


def _agrees(served: Any, wanted: Any) -> bool:
    """Whether Stripe serves what was sent; it serves much besides."""
    if isinstance(wanted, dict):
        has = served if isinstance(served, dict) else {}
        return all(_agrees(has.get(key), value) for key, value in wanted.items())
    if isinstance(wanted, list):
        return sorted(served or []) == sorted(wanted)
    return bool(served == wanted or not (served or wanted))
