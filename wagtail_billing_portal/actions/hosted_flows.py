"""One act on Stripe's own page, reached straight from the site's."""

from __future__ import annotations

from ..accounts import BillingAccount
from ..exceptions import NotASubscriber
from ..gateway import Params, new_key, options, stripe_for
from ..models import RetentionOffer, Subscription
from ..models.portal_choices import OfferKind
from ..policies.base import Decision
from ..policies.hosted import (
    HostedFlow,
    may_cancel_hosted,
    may_change_hosted,
    may_pause_hosted,
)
from ..policies.timing import Change
from .hosted_returns import begin_visit
from .retention import coupon_of
from .stripe_portal import configuration_for

#: Offers that Stripe's page can make.
BY_COUPON = (OfferKind.COUPON, OfferKind.FREE_MONTHS)


def open_hosted_flow(
    account: BillingAccount,
    subscription: Subscription,
    flow: HostedFlow,
    *,
    return_url: str,
    locale: str,
    change: Change | None = None,
    offer: RetentionOffer | None = None,
) -> str:
    """The address of Stripe's page for this act alone, made for this click.

    It opens the act to whoever has it and lives for minutes: redirect at once, keep it
    nowhere. ``change`` is what is to be confirmed, ``offer`` what is offered to who
    leaves. ``return_url`` is absolute and the caller's own. Raises ``NotAllowed`` or
    another ``BillingError``.
    """
    _decide(account, subscription, flow, change).require()
    if account.customer is None:
        raise NotASubscriber(f"{account.user.pk} has no customer.")
    coupon = _coupon_for(subscription, flow, offer)
    params: Params = {
        "customer": account.customer.pk,
        "configuration": configuration_for(account, [subscription]),
        "locale": locale,
        "return_url": return_url,
        "flow_data": {
            "type": flow.value,
            flow.value: _about(subscription, flow, change, coupon),
            "after_completion": {
                "type": "redirect",
                "redirect": {"return_url": return_url},
            },
        },
    }
    with stripe_for(account.settings.stripe_account) as client:
        # A key of its own: an address found again with the back button is dead.
        session = client.v1.billing_portal.sessions.create(params, options(new_key()))
    begin_visit(account, subscription, at=session.created, flow=flow, coupon=coupon)
    return str(session.url)


def _coupon_for(
    subscription: Subscription, flow: HostedFlow, offer: RetentionOffer | None
) -> str:
    """What is taken off for whoever stays, as far as Stripe's page can offer it."""
    if flow == HostedFlow.CANCEL and offer is not None and offer.kind in BY_COUPON:
        return coupon_of(subscription, offer)
    return ""


def _about(
    subscription: Subscription, flow: HostedFlow, change: Change | None, coupon: str
) -> Params:
    about: Params = {"subscription": subscription.pk}
    if flow == HostedFlow.CONFIRM and change is not None:
        about["items"] = change.params
    if coupon:
        about["retention"] = {
            "type": "coupon_offer",
            "coupon_offer": {"coupon": coupon},
        }
    return about


def _decide(
    account: BillingAccount,
    subscription: Subscription,
    flow: HostedFlow,
    change: Change | None,
) -> Decision:
    if flow == HostedFlow.CANCEL:
        return may_cancel_hosted(account, subscription)
    if flow == HostedFlow.PAUSE:
        return may_pause_hosted(account, subscription)
    return may_change_hosted(account, subscription, change)
