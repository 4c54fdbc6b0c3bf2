"""Leaving, in two steps: the reason, then what will happen."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ..actions.ends import is_due
from ..actions.hosted_returns import note_what_happened
from ..actions.settlements import preview_end
from ..actions.subscriptions import cancel_at_period_end, cancel_now
from ..exceptions import FiguresChanged
from ..forms import AT_END, NOW, CancelConfirmForm, CancelReasonForm
from ..policies.subscriptions import (
    first_offer,
    may_cancel,
    may_cancel_now,
    may_leave,
)
from ..sections import CancelConfirmSection, CancelReasonSection
from ..sections.words import date_words
from .base import SeeOther
from .cancel_steps import SESSION_KEY, CancelStep, said_of
from .keys import FormIncomplete


class CancelView(CancelStep):
    """First step: why."""

    def get(self, request: HttpRequest, id: str) -> HttpResponse:
        may_leave(self.account, self.subscription).require()
        if not self.account.settings.offered_reasons:
            return SeeOther(self._next_url(""))
        return self._show(self._form(initial=said_of(request, id)))

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        may_leave(self.account, self.subscription).require()
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        # Kept in the session: a comment has no business in an address or a log.
        request.session[SESSION_KEY] = {id: form.cleaned_data}
        return SeeOther(self._next_url(form.cleaned_data["reason"]))

    def _next_url(self, reason: str) -> str:
        # An offer that was taken on Stripe's page counts, too.
        note_what_happened(self.account, self.subscription)
        if first_offer(self.account, self.subscription, reason):
            return self.offer_url
        return self.confirm_url

    def _form(self, *args: object, **kwargs: object) -> CancelReasonForm:
        reasons = self.account.settings.offered_reasons
        return CancelReasonForm(*args, reasons=reasons, **kwargs)

    def _show(self, form: CancelReasonForm, *, status: int = 200) -> HttpResponse:
        section = CancelReasonSection(self.account, self.subscription, form)
        return self.render([section], status=status)


class CancelConfirmView(CancelStep):
    """Second step: when, what is lost and given back, and the button that does it."""

    def get(self, request: HttpRequest, id: str) -> HttpResponse:
        may_leave(self.account, self.subscription).require()
        return self._show()

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        form = CancelConfirmForm(request.POST, whens=self._readable())
        if not form.is_valid():
            raise FormIncomplete
        given = form.cleaned_data
        said = said_of(request, id)
        if given["when"] == NOW:
            try:
                ended = cancel_now(
                    self.account,
                    self.subscription,
                    signed=given["figures"],
                    key=given["key"],
                    **said,
                )
            except FiguresChanged as error:
                messages.warning(request, str(error.user_message))
                return self._show(status=409)
            words = (
                _("%(plan)s has ended. What you get back follows as soon as possible.")
                if is_due(ended)
                else _("%(plan)s has ended.")
            )
        else:
            ended = cancel_at_period_end(
                self.account, self.subscription, key=given["key"], **said
            )
            words = _("%(plan)s is cancelled. You keep access until %(date)s.")
        request.session.pop(SESSION_KEY, None)
        about = {"plan": ended.name, "date": date_words(ended.ends_at)}
        messages.success(request, words % about)
        return SeeOther(self.subscription_url)

    def _whens(self) -> list[tuple[str, str]]:
        """The ways that are offered."""
        end = date_words(self.subscription.paid_until)
        ways = []
        if may_cancel(self.account, self.subscription):
            words = _("On %(date)s, when what you paid for is used up")
            ways.append((AT_END, words % {"date": end}))
        if may_cancel_now(self.account, self.subscription):
            ways.append((NOW, _("Today, at once")))
        return ways

    def _readable(self) -> list[tuple[str, str]]:
        """The ways that are understood: a form means the same when it is sent again."""
        ways = self._whens()
        rest = [AT_END, NOW] if self._ends_later else [NOW, AT_END]
        return [*ways, *((way, "") for way in rest if way not in dict(ways))]

    @property
    def _ends_later(self) -> bool:
        return self.account.settings.allows_cancel_at_end

    def _show(self, *, status: int = 200) -> HttpResponse:
        settlement = None
        if may_cancel_now(self.account, self.subscription):
            settlement = preview_end(self.account, self.subscription)
        figures = settlement.signed(self.subscription) if settlement else ""
        form = CancelConfirmForm(initial={"figures": figures}, whens=self._whens())
        section = CancelConfirmSection(
            self.account,
            self.subscription,
            form,
            ends_later=bool(may_cancel(self.account, self.subscription)),
            settlement=settlement,
        )
        return self.render([section], status=status)
