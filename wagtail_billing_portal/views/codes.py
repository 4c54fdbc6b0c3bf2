"""Promotion codes, typed in and let go of on a subscription's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ..actions.discounts import apply_code, remove_discount
from ..forms import CodeForm, RemoveDiscountForm
from ..models import Feature
from ..policies.subscriptions import may_apply_code, may_remove_discount
from .base import ActionView, OfSubscription, SeeOther
from .keys import FormIncomplete
from .limits import limit


class CodeAction(OfSubscription, ActionView):
    """Changes the discounts, and leads back to where they are shown."""

    def get_failure_url(self) -> str:
        return self.subscription_url


class ApplyCodeView(CodeAction):
    """Redeeming a code; tries are counted, so that guessing is no use."""

    feature = Feature.PROMOTION_CODES

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        may_apply_code(self.account, self.subscription).require()
        form = CodeForm(request.POST)
        if not form.is_valid():
            raise FormIncomplete
        limit(request, "promotion_codes")
        code = form.cleaned_data["code"]
        apply_code(self.account, self.subscription, code, key=form.cleaned_data["key"])
        words = _("The code %(code)s is applied, from your next invoice on.")
        messages.success(request, words % {"code": code})
        return SeeOther(self.subscription_url)


class RemoveDiscountView(CodeAction):
    """Letting go of a code."""

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        may_remove_discount(self.account, self.subscription).require()
        form = RemoveDiscountForm(request.POST)
        if not form.is_valid():
            raise FormIncomplete
        remove_discount(
            self.account,
            self.subscription,
            form.cleaned_data["discount"],
            key=form.cleaned_data["key"],
        )
        messages.success(request, _("The discount is removed."))
        return SeeOther(self.subscription_url)
