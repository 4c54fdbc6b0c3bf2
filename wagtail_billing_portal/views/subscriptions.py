from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from laces.components import Component

from ..actions.subscriptions import undo_cancel
from ..models import Feature
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

    feature = Feature.CANCEL

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        kept = undo_cancel(self.account, self.subscription, key=key_of(request))
        words = _("%(plan)s goes on as before.")
        messages.success(request, words % {"plan": kept.name})
        return SeeOther(self.next_url or self.subscription_url)

    def get_failure_url(self) -> str:
        return self.next_url or self.subscription_url
