from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..actions.checkout import complete_checkout, start_checkout
from ..forms import SubscribeForm
from ..locales import stripe_locale
from ..models import Feature
from .base import ActionView, PortalView, SeeOther
from .keys import FormIncomplete


class SubscribeView(ActionView):
    """From a plan to Stripe's Checkout."""

    feature = Feature.SUBSCRIBE

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SubscribeForm(request.POST)
        if not form.is_valid():
            raise FormIncomplete
        back = self.next_url or reverse("wagtail_billing_portal:overview")
        url = start_checkout(
            self.account,
            price_id=form.cleaned_data["offer"],
            success_url=self.absolute(
                reverse("wagtail_billing_portal:checkout_return")
            ),
            cancel_url=self.absolute(back),
            locale=stripe_locale(get_language() or "en"),
            key=form.cleaned_data["key"],
        )
        return SeeOther(url)


class CheckoutReturnView(PortalView):
    """Back from Checkout. The address proves nothing; Stripe is asked once."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        subscription = complete_checkout(
            self.account, session_id=request.GET.get("session_id", "")
        )
        if subscription is None:
            messages.info(request, _("Your payment isn't complete yet."))
        else:
            words = _("You are now subscribed to %(plan)s.")
            messages.success(request, words % {"plan": subscription.name})
        return SeeOther(self.home_url)
