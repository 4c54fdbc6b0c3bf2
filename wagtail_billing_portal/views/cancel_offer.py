"""Between the reason and the end: one offer that fits, if there is any."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ..actions.retention import preview_coupon, take_offer
from ..exceptions import NotAllowed
from ..forms import OfferForm
from ..models.portal_choices import OfferKind
from ..policies.subscriptions import first_offer, may_leave
from ..sections import CancelOfferSection
from .base import SeeOther
from .cancel_steps import CancelStep, said_of
from .keys import FormIncomplete


class CancelOfferView(CancelStep):
    """What is offered instead. Whoever can have nothing goes straight on."""

    def get(self, request: HttpRequest, id: str) -> HttpResponse:
        may_leave(self.account, self.subscription).require()
        reason = said_of(request, id).get("reason", "")
        offer = first_offer(self.account, self.subscription, reason)
        if offer is None:
            return SeeOther(self.confirm_url)
        bill = None
        if offer.kind == OfferKind.COUPON:
            bill = preview_coupon(self.subscription, offer)
        form = OfferForm(initial={"offer": offer.pk})
        return self.render(
            [CancelOfferSection(self.account, self.subscription, form, offer, bill)]
        )

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        subscription = self.subscription
        form = OfferForm(request.POST)
        if not form.is_valid():
            raise FormIncomplete
        offers = self.account.settings.retention_offers.select_related("coupon")
        reason = said_of(request, id).get("reason", "")
        offer = offers.filter(
            pk=form.cleaned_data["offer"],
            kind__in=[OfferKind.COUPON, OfferKind.FREE_MONTHS],
        ).first()
        if offer is None or not offer.fits(reason):
            raise NotAllowed(
                code="no_offer", reason=_("This offer doesn't suit your subscription.")
            )
        take_offer(self.account, self.subscription, offer, key=form.cleaned_data["key"])
        words = _("%(plan)s goes on, and the offer is applied.")
        messages.success(request, words % {"plan": subscription.name})
        return SeeOther(self.subscription_url)
