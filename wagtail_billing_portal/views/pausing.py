"""Resting for a while, and going on afterwards."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from laces.components import Component

from ..actions.pausing import (
    PausePreview,
    ResumePreview,
    pause,
    preview_pause,
    preview_resume,
    resume,
)
from ..actions.retention import note_acceptance
from ..exceptions import FiguresChanged
from ..forms import ConfirmForm, PauseForm
from ..models import Feature, Subscription
from ..models.portal_choices import OfferKind
from ..sections import PauseSection, ResumeSection
from ..sections.pausing import choices_of, lengths_of
from ..sections.words import date_words
from .base import OfSubscription, SectionsView, SeeOther
from .cancel_steps import offer_behind
from .keys import FormIncomplete


class PausePage(OfSubscription, SectionsView):
    """A page about pausing; whoever may not reads why on the subscription's page."""

    def get_back(self) -> tuple[str, str]:
        return self.subscription_url, self.subscription.name

    def get_failure_url(self) -> str:
        return self.subscription_url


class PauseView(PausePage):
    """How long, and what that means."""

    feature = Feature.PAUSE

    def get_title(self) -> str:
        return _("Pause %(plan)s") % {"plan": self.subscription.name}

    def get_sections(self) -> list[Component]:
        preview = preview_pause(self.account, self.subscription)
        return [self._section(preview)]

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        if self.subscription.is_resting:
            # A button pressed twice has done what it was pressed for.
            return SeeOther(self.subscription_url)
        lengths = lengths_of(self.account)
        form = PauseForm(request.POST, lengths=[(it, it) for it in lengths])
        if not form.is_valid():
            raise FormIncomplete
        offer = offer_behind(self, request, OfferKind.PAUSE)
        try:
            paused = pause(
                self.account,
                self.subscription,
                lengths[form.cleaned_data["length"]],
                signed=form.cleaned_data["figures"],
                key=form.cleaned_data["key"],
            )
        except FiguresChanged as error:
            messages.warning(request, str(error.user_message))
            preview = preview_pause(self.account, self.subscription)
            return self.render([self._section(preview)], status=409)
        if offer is not None:
            note_acceptance(self.account, paused, offer)
        messages.success(request, words_of_pause(paused))
        return SeeOther(self.subscription_url)

    def _section(self, preview: PausePreview) -> PauseSection:
        form = PauseForm(
            lengths=choices_of(self.account, preview),
            initial={"figures": preview.signed(self.subscription)},
        )
        return PauseSection(self.account, self.subscription, preview, form)


class ResumeView(PausePage):
    """What is charged now, and the button that goes on; there whatever is offered."""

    def get_title(self) -> str:
        return _("Resume %(plan)s") % {"plan": self.subscription.name}

    def get_sections(self) -> list[Component]:
        return [self._section(preview_resume(self.account, self.subscription))]

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        if not self.subscription.is_resting:
            return SeeOther(self.subscription_url)
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            raise FormIncomplete
        try:
            resumed = resume(
                self.account,
                self.subscription,
                signed=form.cleaned_data["figures"],
                key=form.cleaned_data["key"],
            )
        except FiguresChanged as error:
            messages.warning(request, str(error.user_message))
            preview = preview_resume(self.account, self.subscription)
            return self.render([self._section(preview)], status=409)
        _tell_resumed(request, resumed)
        return SeeOther(self.subscription_url)

    def _section(self, preview: ResumePreview) -> ResumeSection:
        form = ConfirmForm(initial={"figures": preview.signed(self.subscription)})
        return ResumeSection(self.account, self.subscription, preview, form)


def words_of_pause(paused: Subscription) -> str:
    """Until when it rests."""
    words: dict[str, Any] = {"plan": paused.name}
    if paused.resumes_at is None:
        return _("%(plan)s is paused until you resume it.") % words
    words["date"] = date_words(paused.resumes_at)
    return _("%(plan)s is paused until %(date)s.") % words


def _tell_resumed(request: HttpRequest, resumed: Subscription) -> None:
    if resumed.is_resting:
        words = _(
            "The payment didn't go through, so %(plan)s is still paused. Pay the open "
            "invoice below, and it goes on."
        )
        messages.warning(request, words % {"plan": resumed.name})
    else:
        messages.success(request, _("%(plan)s goes on.") % {"plan": resumed.name})
