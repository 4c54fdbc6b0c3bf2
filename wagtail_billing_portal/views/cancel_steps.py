"""What the steps of leaving have in common."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from ..models import Feature
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


def said_of(request: HttpRequest, id: str) -> dict[str, str]:
    """What was said in the first step about this subscription."""
    said: dict[str, str] = request.session.get(SESSION_KEY, {}).get(id, {})
    return said
