"""Another plan, or more of it, in the customer portal: choose, see the sum, confirm."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext

from wagtail_billing_portal.sandbox.billing import (
    portal_flows,
    portal_updates,
    promotions,
)
from wagtail_billing_portal.sandbox.billing.outcomes import Declined
from wagtail_billing_portal.sandbox.billing.portal_updates import Choice
from wagtail_billing_portal.sandbox.errors import CardDeclined, InvalidRequest
from wagtail_billing_portal.sandbox.forms import CardForm, Plan, UpdateForm
from wagtail_billing_portal.sandbox.pages.cards import asking, card_form, refusal_text
from wagtail_billing_portal.sandbox.pages.frame import message_page, page, see_other
from wagtail_billing_portal.sandbox.pages.portal_frame import (
    address,
    around,
    portal_view,
    settled,
    way_back,
)
from wagtail_billing_portal.sandbox.pages.portal_summary import summary_of
from wagtail_billing_portal.sandbox.pages.rates import rate_of
from wagtail_billing_portal.sandbox.pages.visit import Visit

Json = dict[str, Any]

FEATURE = portal_updates.FEATURE
# A sum holds as long as somebody reads it.
HOLDS = 60 * 60


@portal_view
def portal_update(
    request: HttpRequest, visit: Visit, subscription_id: str
) -> HttpResponse:
    """Choose a plan, how many, and a code; nothing happens yet."""
    subscription = visit.subscription(subscription_id, feature=FEATURE)
    if "update" not in visit.acts(subscription):
        return see_other(way_back(visit))
    return _choosing(request, visit, subscription, _form(visit, subscription, None))


@portal_view
def portal_update_confirm(
    request: HttpRequest, visit: Visit, subscription_id: str
) -> HttpResponse:
    """Show what a choice comes to, and make the change when that is confirmed."""
    subscription = visit.subscription(subscription_id, feature=FEATURE)
    flow = visit.flow
    if flow and flow["type"] == portal_flows.CONFIRM:
        choice = portal_flows.choice_of(subscription, flow[portal_flows.CONFIRM])
    elif "update" not in visit.acts(subscription):
        return see_other(way_back(visit))
    else:
        form = _form(visit, subscription, request.GET)
        chosen = _chosen(visit, subscription, form)
        if chosen is None:
            return _choosing(request, visit, subscription, form)
        choice = chosen
    try:
        feature = visit.feature(FEATURE)
        portal_updates.check(visit.world, subscription, feature, choice)
    except InvalidRequest:
        return _impossible(request, visit)
    return _confirming(request, visit, subscription, choice)


def _choosing(
    request: HttpRequest, visit: Visit, subscription: Json, form: UpdateForm
) -> HttpResponse:
    current = portal_updates.item_of(subscription)["price"]["id"]
    choices = [
        {"widget": choice, "plan": plan, "is_current": plan.price == current}
        for choice, plan in zip(form["price"], form.plans.values(), strict=True)
    ]
    context = {
        "form": form,
        "choices": choices,
        "confirm_url": address(visit, "update_confirm", subscription["id"]),
        **around(visit),
        **asking(request, form),
    }
    return page(request, "portal_update", context)


def _form(visit: Visit, subscription: Json, data: QueryDict | None) -> UpdateForm:
    item = portal_updates.item_of(subscription)
    feature = visit.feature(FEATURE)
    plans = [
        Plan(
            price=offer.price["id"],
            name=offer.product["name"],
            rate=rate_of(offer.price, subscription["currency"]),
            adjustable=offer.adjustable,
            least=offer.least,
            most=offer.most,
            quantity=item["quantity"],
        )
        for offer in portal_updates.offers(visit.world, subscription, feature)
    ]
    return UpdateForm(
        data,
        plans=plans,
        takes_codes="promotion_code" in feature["default_allowed_updates"],
        initial={"price": item["price"]["id"], "quantity": item["quantity"]},
    )


def _chosen(visit: Visit, subscription: Json, form: UpdateForm) -> Choice | None:
    """The choice, unless something about it is wrong; the form then says what."""
    if not form.is_valid():
        return None
    discounts = []
    if text := form.cleaned_data.get("code"):
        codes = promotions.codes(visit.world, text) if visit.may_guess else []
        discounts = [{"promotion_code": code["id"]} for code in codes[:1]]
        if not discounts:
            visit.guessed_wrong()
            form.add_error("code", gettext("This code does not work here."))
            return None
    choice = Choice(form.cleaned_data["price"], form.quantity_wanted, discounts)
    try:
        feature = visit.feature(FEATURE)
        portal_updates.check(visit.world, subscription, feature, choice)
    except InvalidRequest as refused:
        if "discounts" in (refused.param or ""):
            visit.guessed_wrong()
            form.add_error("code", gettext("This code does not work here."))
        else:
            text = gettext("This is what you have already. Choose something else.")
            form.add_error("price", text)
        return None
    return choice


def _confirming(
    request: HttpRequest, visit: Visit, subscription: Json, choice: Choice
) -> HttpResponse:
    world, feature = visit.world, visit.feature(FEATURE)
    at = _moment(request, visit, subscription)
    preview = portal_updates.preview(world, subscription, feature, choice, at=at)
    card = None
    refused = subscription["pending_update"] or "refused" in request.GET
    if refused or visit.method_of(subscription) is None:
        card = card_form(request, now=world.now, holder=visit.customer)
    refusal = ""
    if request.method == "POST" and (card is None or card.is_valid()):
        try:
            if card is not None:
                visit.keep_card(card.card, subscription)
            fresh = world.get("subscription", subscription["id"])
            outcome = portal_updates.confirm(world, fresh, feature, choice, at=at)
        except CardDeclined as declined:
            outcome = Declined(declined.code or "", declined.message)
        if not isinstance(outcome, Declined):
            heading = gettext("Your subscription is changed")
            back = request.get_full_path()
            return settled(request, visit, outcome, heading=heading, back=back)
        refusal = refusal_text(outcome)
        card = card or card_form(
            request, now=world.now, holder=visit.customer, bound=False
        )
    return _asking_to_confirm(
        request, visit, subscription, choice, preview, card, refusal
    )


def _asking_to_confirm(
    request: HttpRequest,
    visit: Visit,
    subscription: Json,
    choice: Choice,
    preview: portal_updates.Preview,
    card: CardForm | None,
    refusal: str,
) -> HttpResponse:
    flow = visit.flow
    alone = flow and flow["type"] == portal_flows.CONFIRM
    again = address(visit, "update", subscription["id"])
    context = {
        "summary": summary_of(visit, subscription, choice, preview),
        "at": preview.at,
        "card_form": card,
        **around(visit),
        "keep_url": way_back(visit) if alone else again,
        **asking(request, *([card] if card else []), refusal=refusal),
    }
    return page(request, "portal_update_confirm", context)


def _moment(request: HttpRequest, visit: Visit, subscription: Json) -> int:
    """For when the sum was worked out that is on the screen."""
    now = visit.world.now
    begun = portal_updates.item_of(subscription)["current_period_start"]
    said = request.POST.get("at", "")
    at = int(said) if said.isdecimal() and len(said) < 12 else now
    return at if max(begun, now - HOLDS) <= at <= now else now


def _impossible(request: HttpRequest, visit: Visit) -> HttpResponse:
    return message_page(
        request,
        gettext("This change is no longer possible"),
        gettext(
            "The subscription or the offer is not what it was. Nothing is changed."
        ),
        status=409,
        next_url=way_back(visit),
        next_text=gettext("Go back"),
        **around(visit),
    )
