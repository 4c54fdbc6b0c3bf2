"""Reasons for leaving in a site's own words, kept at Stripe as well."""

from __future__ import annotations

from ..exceptions import StripeRefused, UnknownStripeObject
from ..gateway import Params, answer_of, kept_request, new_key, options, stripe_for
from ..models import PortalSettings
from ..models.leaving import OwnReason


def push_reasons(settings: PortalSettings) -> None:
    """Make those that Stripe has not got, and give the others their words of now.

    Raises ``BillingError``.
    """
    for reason in settings.own_reasons.all():
        if not (reason.feedback_option and _is_reworded(settings, reason)):
            _make(settings, reason)


def known_options(settings: PortalSettings) -> list[str]:
    """Stripe's ids of the site's own reasons."""
    return [it.feedback_option for it in settings.own_reasons.all() if _is_known(it)]


def are_known(settings: PortalSettings) -> bool:
    """Whether Stripe has them all."""
    return all(_is_known(it) for it in settings.own_reasons.all())


def let_go(settings: PortalSettings) -> None:
    """Let Stripe offer those no more that the site has removed.

    Which they are is known from the configuration as it was pushed before.
    """
    if not (known := settings.stripe_configuration):
        return
    try:
        with stripe_for(settings.stripe_account) as client:
            found = client.v1.billing_portal.configurations.retrieve(known)
    except UnknownStripeObject:
        return
    cancel = answer_of(found).data["features"]["subscription_cancel"]
    before = cancel["cancellation_reason"].get("feedback_options") or []
    for id in set(before) - set(known_options(settings)):
        _deactivate(settings, id)


def _is_known(reason: OwnReason) -> bool:
    return bool(reason.feedback_option)


def _make(settings: PortalSettings, reason: OwnReason) -> None:
    purpose = f"reason:{settings.stripe_account}:{reason.pk}"
    key, params = kept_request(purpose, {"description": reason.text})
    with stripe_for(settings.stripe_account) as client:
        made = client.v1.billing.feedback_options.create(params, options(key))
    reason.feedback_option = made.id
    OwnReason.objects.filter(pk=reason.pk).update(feedback_option=made.id)


def _is_reworded(settings: PortalSettings, reason: OwnReason) -> bool:
    """Give it its words; false where this account knows none of that id."""
    params: Params = {"description": reason.text}
    try:
        with stripe_for(settings.stripe_account) as client:
            client.v1.billing.feedback_options.update(
                reason.feedback_option, params, options(new_key())
            )
    except UnknownStripeObject:
        return False
    return True


def _deactivate(settings: PortalSettings, id: str) -> None:
    try:
        with stripe_for(settings.stripe_account) as client:
            client.v1.billing.feedback_options.deactivate(id)
    except StripeRefused:
        # Somebody was faster.
        return
