from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from ..actions.stripe_portal import open_hosted_portal
from ..locales import stripe_locale
from ..models import Feature
from .base import ActionView, SeeOther
from .keys import key_of


class HostedPortalView(ActionView):
    """To Stripe's own portal, by a session made on this click."""

    feature = Feature.HOSTED_PORTAL

    def post(self, request: HttpRequest) -> HttpResponse:
        url = open_hosted_portal(
            self.account,
            return_url=self.absolute(self.next_url or self.home_url),
            locale=stripe_locale(get_language() or "en"),
            key=key_of(request),
        )
        return SeeOther(url)
