"""The invoice that comes next, or that something would bring, as Stripe reckons it."""

from __future__ import annotations

from typing import Any

from django_ratelimit.core import is_ratelimited

from ..exceptions import StripeRefused, TooManyPreviews
from ..gateway import Answer, answer_of, stripe_for
from ..models import Subscription

#: Previews for one customer: far more than anybody reads, far fewer than Stripe allows
#: the whole site.
MOST = "60/m"


def invoice_to_come(
    subscription: Subscription, details: dict[str, Any] | None = None, **more: Any
) -> Answer:
    """Ask for it, with ``details`` of the subscription as they would be.

    Its data is empty where nothing would be charged. Raises ``BillingError``.
    """
    _count(subscription)
    params: Any = {
        "customer": subscription.customer_id,
        "subscription": subscription.pk,
        **({"subscription_details": details} if details else {}),
        **more,
    }
    try:
        with stripe_for(subscription.stripe_account) as client:
            return answer_of(client.v1.invoices.create_preview(params))
    except StripeRefused as refusal:
        if refusal.code != "invoice_upcoming_none":
            raise
        return Answer({}, refusal.as_of)


def _count(subscription: Subscription) -> None:
    """Raises ``TooManyPreviews``. Counts are kept in Django's cache."""
    is_over = is_ratelimited(
        None,
        group="wagtail_billing_portal.preview",
        key=lambda _group, _request: str(subscription.customer_id),
        rate=MOST,
        increment=True,
    )
    if is_over:
        raise TooManyPreviews
