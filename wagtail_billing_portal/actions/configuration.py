"""Stripe's portal configuration, kept like the site's portal settings."""

from __future__ import annotations

from ..exceptions import UnknownStripeObject
from ..gateway import Params, new_key, options, stripe_for
from ..models import CancelReason, Feature, PortalSettings

MANAGER = "wagtail_billing_portal"


def push_configuration(settings: PortalSettings) -> str:
    """Make Stripe's portal offer what the site's settings offer; returns its id."""
    params = configuration_params(settings)
    with stripe_for(settings.stripe_account) as client:
        configurations = client.v1.billing_portal.configurations
        if known := settings.stripe_configuration:
            try:
                configurations.update(known, params, options(new_key()))
            except UnknownStripeObject:
                known = ""
        if not known:
            known = configurations.create(params, options(new_key())).id
    if known != settings.stripe_configuration:
        # Not save(): that would push again.
        PortalSettings.objects.filter(pk=settings.pk).update(stripe_configuration=known)
        settings.stripe_configuration = known
    return known


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
    reasons = [value for value, _label in settings.offered_reasons]
    return {
        "enabled": settings.offers(Feature.CANCEL),
        "mode": settings.cancel_mode,
        "cancellation_reason": {
            "enabled": bool(reasons),
            # Stripe wants a list even when nothing is asked.
            "options": reasons or list(CancelReason.values),
        },
    }
