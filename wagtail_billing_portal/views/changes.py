"""Another plan, another quantity, extras: choose, look at the sum, confirm."""

from __future__ import annotations

from typing import ClassVar, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from laces.components import Component

from ..actions.changes import Changed, make_change, undo_change
from ..actions.figures import Preview
from ..actions.previews import preview_change
from ..actions.retention import note_acceptance
from ..exceptions import FiguresChanged, NotAllowed
from ..forms import ConfirmForm, QuantityForm
from ..models import Feature, GroupedPrice, RetentionOffer, SubscriptionItem
from ..models.portal_choices import OfferKind
from ..policies.plans import changeable_items, counted_items
from ..policies.subscriptions import (
    cheaper_plan,
    may_change_plan,
    may_change_quantity,
    units_of,
)
from ..policies.timing import Change
from ..sections import (
    ChangeConfirmSection,
    ChangePlanSection,
    ExtrasSection,
    QuantitySection,
)
from ..sections.subscription_card import name_of
from ..sections.words import date_words, plan_words
from .base import ActionView, OfSubscription, SectionsView, SeeOther
from .cancel_steps import offer_behind
from .change_asked import change_asked
from .keys import FormIncomplete, key_of


class ChangePage(OfSubscription, SectionsView):
    """A page about changing; whoever may not reads why on the subscription's page."""

    feature: ClassVar[Feature | None] = Feature.CHANGE_PLAN

    def get_back(self) -> tuple[str, str]:
        return self.subscription_url, self.subscription.name

    def get_failure_url(self) -> str:
        return self.subscription_url


class ChangePlanView(ChangePage):
    """Which other plan."""

    def get_title(self) -> str:
        return _("Change your plan")

    def get_sections(self) -> list[Component]:
        item = _item_of(self, self.request.GET.get("item", ""))
        may_change_plan(self.account, self.subscription, item).require()
        all_of_them = changeable_items(self.account, self.subscription)
        items = [item] if item else all_of_them
        return [ChangePlanSection(self.account, self.subscription, items)]


class ExtrasView(ChangePage):
    """What can be added, and what was added before."""

    def get_title(self) -> str:
        return _("Extras")

    def get_sections(self) -> list[Component]:
        return [ExtrasSection(self.account, self.subscription)]


class QuantityView(ChangePage):
    """How many."""

    feature = Feature.CHANGE_QUANTITY

    def get_title(self) -> str:
        return _("Change the quantity")

    def get(self, request: HttpRequest, id: str) -> HttpResponse:
        item = _item_of(self, request.GET.get("item", ""))
        may_change_quantity(self.account, self.subscription, item).require()
        items = [item] if item else counted_items(self.account, self.subscription)
        if "quantity" not in request.GET:
            return self._show(items)
        return self._asked_for(item or items[0], request)

    def _asked_for(self, item: SubscriptionItem, request: HttpRequest) -> HttpResponse:
        form = QuantityForm(request.GET, item=item, units=self._units(item))
        if not form.is_valid():
            return self._show([item], form, status=422)
        wished = form.cleaned_data["quantity"]
        decision = may_change_quantity(self.account, self.subscription, item, wished)
        if not decision:
            form.add_error("quantity", str(decision.reason))
            return self._show([item], form, status=422)
        query = f"?item={item.pk}&quantity={wished}"
        return SeeOther(_confirm_url(self.subscription.pk) + query)

    def _show(
        self,
        items: list[SubscriptionItem],
        form: QuantityForm | None = None,
        *,
        status: int = 200,
    ) -> HttpResponse:
        forms = {item: form or self._form(item) for item in items}
        section = QuantitySection(self.account, self.subscription, forms)
        return self.render([section], status=status)

    def _form(self, item: SubscriptionItem) -> QuantityForm:
        initial = {"item": item.pk, "quantity": item.quantity}
        return QuantityForm(item=item, units=self._units(item), initial=initial)

    def _units(self, item: SubscriptionItem) -> GroupedPrice:
        # Whatever has no bounds was refused.
        return cast(GroupedPrice, units_of(self.account, item.price))


class ChangeConfirmView(ChangePage):
    """What it costs, to the minor unit, and the button that does it."""

    feature = None

    def get_title(self) -> str:
        change = self._change()
        if change.price is None:
            return _("Remove %(plan)s") % {"plan": _name(change)}
        if change.item is None:
            return _("Add %(plan)s") % {"plan": _name(change)}
        if change.is_of_quantity:
            return _("Change the quantity")
        return _("Switch to %(plan)s") % {"plan": _name(change)}

    def get(self, request: HttpRequest, id: str) -> HttpResponse:
        preview = preview_change(self.account, self.subscription, self._change())
        return self._show(preview)

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        subscription = self.subscription
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            raise FormIncomplete
        change = self._change()
        offer = self._offer(change)
        try:
            changed = make_change(
                self.account,
                subscription,
                change,
                signed=form.cleaned_data["figures"],
                key=form.cleaned_data["key"],
            )
        except FiguresChanged as error:
            messages.warning(request, str(error.user_message))
            preview = preview_change(self.account, self.subscription, self._change())
            return self._show(preview, status=409)
        if offer is not None:
            note_acceptance(self.account, subscription, offer)
        _tell(request, changed)
        return SeeOther(self.subscription_url)

    def _show(self, preview: Preview, *, status: int = 200) -> HttpResponse:
        form = ConfirmForm(initial={"figures": preview.signed(self.subscription)})
        section = ChangeConfirmSection(self.account, self.subscription, preview, form)
        return self.render([section], status=status)

    def _offer(self, change: Change) -> RetentionOffer | None:
        """What the member stays for, where this is the plan that was offered."""
        offer = offer_behind(self, self.request, OfferKind.CHEAPER_PLAN)
        if offer is None:
            return None
        offered = cheaper_plan(self.account, self.subscription)
        return offer if offered == change else None

    def _change(self) -> Change:
        return change_asked(self.request, self.subscription)


class UndoChangeView(OfSubscription, ActionView):
    """Leaving everything as it is, instead of what was scheduled."""

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        kept = undo_change(self.account, self.subscription, key=key_of(request))
        words = _("Nothing changes: you keep %(plan)s.")
        messages.success(request, words % {"plan": name_of(kept)})
        return SeeOther(self.next_url or self.subscription_url)

    def get_failure_url(self) -> str:
        return self.next_url or self.subscription_url


def _tell(request: HttpRequest, changed: Changed) -> None:
    figures, change = changed.preview.figures, changed.preview.change
    if changed.needs_payment:
        words = _(
            "The payment isn't complete yet, so nothing has changed. Finish it below."
        )
        messages.warning(request, words)
    elif figures.changes:
        words = _("Scheduled: this changes on %(date)s. Until then you can undo it.")
        date = date_words(figures.changes)
        messages.success(request, words % {"date": date})
    elif change.price is None:
        words = _("%(plan)s is removed.")
        messages.success(request, words % {"plan": _name(change)})
    elif change.item is None:
        messages.success(request, _("%(plan)s is added.") % {"plan": _name(change)})
    elif change.is_of_quantity:
        words = _("Your quantity is %(number)s now.")
        messages.success(request, words % {"number": change.quantity})
    else:
        words = _("You are on %(plan)s now.")
        messages.success(request, words % {"plan": _name(change)})


def _name(change: Change) -> str:
    return plan_words(change.price or change.price_before)


def _confirm_url(id: str) -> str:
    return reverse("wagtail_billing_portal:change_confirm", args=[id])


def _item_of(view: ChangePage, id: str) -> SubscriptionItem | None:
    """The item that an address names; ``None`` where it names none."""
    if not id:
        return None
    items = view.subscription.items.all()
    found = next((it for it in items if it.pk == id), None)
    if found is None:
        raise NotAllowed(
            code="no_such_item", reason=_("We can't find that in your subscription.")
        )
    return found
