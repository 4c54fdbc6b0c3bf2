"""What the steps of leaving have in common."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from ..models import Feature, RetentionOffer
from ..models.portal_choices import OfferKind
from ..policies.subscriptions import followed_offer
from .base import OfSubscription, SectionsView

SESSION_KEY = "billing_cancel"


class CancelStep(OfSubscription, SectionsView):
    """A step of leaving; whoever may not leave reads why on the subscription's page."""

    feature = Feature.CANCEL

    def get_title(self) -> str:
        return _("Cancel %(plan)s") % {"plan": self.subscription.name}

    def get_back(self) -> tuple[str, str]:
        return self.subscription_url, self.subscription.name

    def get_failure_url(self) -> str:
        return self.subscription_url

    @property
    def confirm_url(self) -> str:
        return reverse(
            "wagtail_billing_portal:cancel_confirm", args=[self.subscription.pk]
        )

    @property
    def offer_url(self) -> str:
        return reverse(
            "wagtail_billing_portal:cancel_offer", args=[self.subscription.pk]
        )


def offer_behind(
    view: OfSubscription, request: HttpRequest, kind: OfferKind
) -> RetentionOffer | None:
    """The offer to those who leave that led to this page; ask before it is taken."""
    subscription = view.subscription
    return followed_offer(
        view.account,
        subscription,
        request.GET.get("offer", ""),
        kind=kind,
        reason=said_of(request, subscription.pk).get("reason", ""),
    )


def said_of(request: HttpRequest, id: str) -> dict[str, str]:
    """What was said in the first step about this subscription."""
    said: dict[str, str] = request.session.get(SESSION_KEY, {}).get(id, {})
    return said
