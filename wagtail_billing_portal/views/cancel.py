"""Leaving, in two steps: the reason, then what will happen."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from ..actions.subscriptions import cancel_at_period_end
from ..forms import CancelReasonForm, KeyedForm
from ..models import Feature
from ..policies.subscriptions import may_cancel
from ..sections import CancelConfirmSection, CancelReasonSection
from ..sections.words import date_words
from .base import OfSubscription, SectionsView, SeeOther
from .keys import key_of

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


class CancelView(CancelStep):
    """First step: why."""

    def get(self, request: HttpRequest, id: str) -> HttpResponse:
        may_cancel(self.account, self.subscription).require()
        if not self.account.settings.offered_reasons:
            return SeeOther(self.confirm_url)
        return self._show(self._form(initial=said_of(request, id)))

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        may_cancel(self.account, self.subscription).require()
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        # Kept in the session: a comment has no business in an address or a log.
        request.session[SESSION_KEY] = {id: form.cleaned_data}
        return SeeOther(self.confirm_url)

    def _form(self, *args: object, **kwargs: object) -> CancelReasonForm:
        reasons = self.account.settings.offered_reasons
        return CancelReasonForm(*args, reasons=reasons, **kwargs)

    def _show(self, form: CancelReasonForm, *, status: int = 200) -> HttpResponse:
        section = CancelReasonSection(self.account, self.subscription, form)
        return self.render([section], status=status)


class CancelConfirmView(CancelStep):
    """Second step: what will happen, and the button that does it."""

    def get(self, request: HttpRequest, id: str) -> HttpResponse:
        may_cancel(self.account, self.subscription).require()
        form = KeyedForm()
        return self.render(
            [CancelConfirmSection(self.account, self.subscription, form)]
        )

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        ended = cancel_at_period_end(
            self.account, self.subscription, key=key_of(request), **said_of(request, id)
        )
        request.session.pop(SESSION_KEY, None)
        words = _("%(plan)s is cancelled. You keep access until %(date)s.")
        messages.success(
            request, words % {"plan": ended.name, "date": date_words(ended.ends_at)}
        )
        return SeeOther(self.subscription_url)


def said_of(request: HttpRequest, id: str) -> dict[str, str]:
    """What was said in the first step about this subscription."""
    said: dict[str, str] = request.session.get(SESSION_KEY, {}).get(id, {})
    return said
