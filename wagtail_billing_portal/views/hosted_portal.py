from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..actions.hosted_flows import open_hosted_flow
from ..actions.hosted_returns import come_back, come_back_from_portal
from ..actions.stripe_portal import open_hosted_portal
from ..locales import stripe_locale
from ..models import (
    Act,
    Feature,
    RetentionOffer,
    Subscription,
    SubscriptionSchedule,
    moment,
)
from ..policies.hosted import HostedFlow
from ..policies.subscriptions import first_offer
from ..policies.timing import Change
from ..sections.subscription_card import name_of
from ..sections.words import date_words
from .base import ActionView, OfSubscription, PortalView, SeeOther
from .cancel_steps import said_of
from .change_asked import change_asked
from .pausing import words_of_pause

#: Where a member goes on who comes back from Stripe's portal.
SESSION_KEY = "billing_portal_back"


class HostedPortalView(ActionView):
    """To Stripe's own portal, by a session made on this click."""

    feature = Feature.HOSTED_PORTAL

    def post(self, request: HttpRequest) -> HttpResponse:
        there = reverse("wagtail_billing_portal:hosted_portal_return")
        request.session[SESSION_KEY] = self.next_url or self.home_url
        url = open_hosted_portal(
            self.account,
            return_url=self.absolute(there),
            locale=stripe_locale(get_language() or "en"),
        )
        return SeeOther(url)


class HostedPortalReturnView(PortalView):
    """Back from Stripe's portal, to where it was opened from."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        # Kept in the session: whoever makes up an address has nothing asked.
        there = request.session.get(SESSION_KEY, "")
        if there:
            come_back_from_portal(self.account)
            # Not before: where Stripe can't be asked, one can come back again.
            del request.session[SESSION_KEY]
        return SeeOther(there or self.home_url)


class HostedFlowView(OfSubscription, ActionView):
    """To Stripe's page for one act, by a session made on this click."""

    feature = Feature.HOSTED_PORTAL
    #: The switches of which one has to be on as well.
    features: ClassVar[tuple[Feature, ...]]
    flow: ClassVar[HostedFlow]

    def _answer(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if not any(map(self.account.settings.offers, self.features)):
            raise Http404("This site does not offer that.")
        return super()._answer(request, *args, **kwargs)

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        there = reverse("wagtail_billing_portal:hosted_return", args=[id])
        url = open_hosted_flow(
            self.account,
            self.subscription,
            self.flow,
            return_url=self.absolute(there),
            locale=stripe_locale(get_language() or "en"),
            change=self.get_change(),
            offer=self.get_offer(),
        )
        return SeeOther(url)

    def get_change(self) -> Change | None:
        """What is to be confirmed there."""
        return None

    def get_offer(self) -> RetentionOffer | None:
        """What is offered there to a member who leaves."""
        return None

    def get_failure_url(self) -> str:
        return self.subscription_url


class HostedChangeView(HostedFlowView):
    """To choose another plan or quantity."""

    features = (Feature.CHANGE_PLAN, Feature.CHANGE_QUANTITY)
    flow = HostedFlow.CHANGE


class HostedConfirmView(HostedFlowView):
    """To confirm one that was chosen here."""

    features = (Feature.CHANGE_PLAN, Feature.CHANGE_QUANTITY)
    flow = HostedFlow.CONFIRM

    def get_change(self) -> Change:
        return change_asked(self.request, self.subscription)


class HostedCancelView(HostedFlowView):
    """To leave, by way of the offer that fits what was said here."""

    features = (Feature.CANCEL,)
    flow = HostedFlow.CANCEL

    def get_offer(self) -> RetentionOffer | None:
        reason = said_of(self.request, self.subscription.pk).get("reason", "")
        return first_offer(self.account, self.subscription, reason)


class HostedPauseView(HostedFlowView):
    """To choose how long to rest."""

    features = (Feature.PAUSE,)
    flow = HostedFlow.PAUSE


class HostedReturnView(OfSubscription, PortalView):
    """Back from Stripe's page. The address proves nothing; Stripe is asked once."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, id: str) -> HttpResponseBase:
        for act in come_back(self.account, self.subscription):
            messages.success(request, _words_of(act, self.subscription))
        return SeeOther(self.subscription_url)

    def get_failure_url(self) -> str:
        return self.subscription_url


def _words_of(act: Act, subscription: Subscription) -> str:
    """What a member has done, as their own pages would say it."""
    if act == Act.PAUSED:
        return words_of_pause(subscription)
    if act == Act.SCHEDULED:
        return _words_of_schedule(subscription.schedule)
    words = {
        Act.CHANGED: _("You are on %(plan)s now."),
        Act.CANCELLED: _("%(plan)s is cancelled. You keep access until %(date)s."),
        Act.CANCELLED_NOW: _("%(plan)s has ended."),
        Act.ACCEPTED: _("%(plan)s goes on, and the offer is applied."),
    }
    about = {"plan": name_of(subscription), "date": date_words(subscription.ends_at)}
    return words[act] % about


def _words_of_schedule(schedule: SubscriptionSchedule | None) -> str:
    phase = schedule.next_phase if schedule else None
    date = date_words(moment(phase["start_date"])) if phase else ""
    if schedule is not None and schedule.is_ours:
        words = _("Scheduled: this changes on %(date)s. Until then you can undo it.")
    else:
        words = _("Scheduled: this changes on %(date)s.")
    return words % {"date": date}
