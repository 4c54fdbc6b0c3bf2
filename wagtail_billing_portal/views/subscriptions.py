from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from laces.components import Component

from ..actions.checkout import start_checkout
from ..actions.subscriptions import undo_cancel
from ..locales import stripe_locale
from ..models import Feature
from ..policies.subscriptions import comes_back_beside, may_resubscribe
from ..sections import SubscriptionDetailSection
from .base import ActionView, OfSubscription, SectionsView, SeeOther
from .keys import key_of


class SubscriptionView(OfSubscription, SectionsView):
    """One subscription in full."""

    def get_title(self) -> str:
        return self.subscription.name

    def get_sections(self) -> list[Component]:
        return [SubscriptionDetailSection(self.account, self.subscription)]


class UndoCancelView(OfSubscription, ActionView):
    """Going on after all."""

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        kept = undo_cancel(self.account, self.subscription, key=key_of(request))
        words = _("%(plan)s goes on as before.")
        messages.success(request, words % {"plan": kept.name})
        return SeeOther(self.next_url or self.subscription_url)

    def get_failure_url(self) -> str:
        return self.next_url or self.subscription_url


class SubscribeAgainView(OfSubscription, ActionView):
    """Beginning anew after the end, with all that there was and is still sold."""

    feature = Feature.SUBSCRIBE

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        key = key_of(request)
        ended = self.subscription
        may_resubscribe(self.account, ended).require()
        there = reverse("wagtail_billing_portal:checkout_return")
        url = start_checkout(
            self.account,
            price_id=ended.price.pk if ended.price else "",
            quantity=ended.quantity,
            beside=comes_back_beside(self.account, ended),
            success_url=self.absolute(there),
            cancel_url=self.absolute(self.next_url or self.subscription_url),
            locale=stripe_locale(get_language() or "en"),
            key=key,
        )
        return SeeOther(url)

    def get_failure_url(self) -> str:
        return self.next_url or self.subscription_url
