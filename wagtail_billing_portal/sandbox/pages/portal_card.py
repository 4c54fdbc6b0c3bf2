"""Another card, in the customer portal."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from wagtail_billing_portal.sandbox.billing import intents, methods, payments, setups
from wagtail_billing_portal.sandbox.errors import CardDeclined, ResourceMissing
from wagtail_billing_portal.sandbox.forms import CardForm
from wagtail_billing_portal.sandbox.pages.cards import asking, card_form, refusal_text
from wagtail_billing_portal.sandbox.pages.frame import page, see_other
from wagtail_billing_portal.sandbox.pages.portal_frame import (
    address,
    around,
    expired,
    finished,
    portal_view,
)
from wagtail_billing_portal.sandbox.pages.visit import Visit, visiting

Json = dict[str, Any]


@portal_view
def portal_card(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Save a card and charge it from now on."""
    if not visit.offers("payment_method_update"):
        raise ResourceMissing("payment_method", "card")
    form = card_form(request, now=visit.world.now, holder=visit.customer)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            return _save(request, visit, form)
        except CardDeclined as refused:
            refusal = refusal_text(payments.declined(refused))
    context = {
        "card_form": form,
        **around(visit),
        **asking(request, form, refusal=refusal),
    }
    return page(request, "portal_card", context)


@require_POST
@portal_view
def portal_card_default(
    request: HttpRequest, visit: Visit, method_id: str
) -> HttpResponse:
    """Charge another one of the saved cards from now on."""
    visit.use(_own(visit, method_id)["id"])
    return see_other(address(visit))


@require_POST
@portal_view
def portal_card_remove(
    request: HttpRequest, visit: Visit, method_id: str
) -> HttpResponse:
    """Forget a saved card, but not one that a subscription is charged to."""
    method = _own(visit, method_id)
    if not visit.is_needed(method["id"]):
        methods.detach(visit.world, method)
    return see_other(address(visit))


def after_bank(request: HttpRequest, intent: Json) -> HttpResponse:
    """Go on in the portal when the bank's question has been answered."""
    about = intent["_sandbox"]
    token = about["portal"]
    with visiting(token) as visit:
        if visit is None:
            return expired(request, token)
        if intent["status"] != intents.SUCCEEDED:
            back = about.get("portal_back") or address(visit, "card")
            joint = "&" if "?" in back else "?"
            refused = urlencode({"refused": "authentication"})
            return see_other(f"{back}{joint}{refused}")
        if "portal_done" in about:
            return finished(request, visit, about["portal_done"])
        return _use(request, visit, intent["payment_method"])


def _own(visit: Visit, method_id: str) -> Json:
    """One of the customer's own cards; anybody else's is unknown."""
    method = visit.world.get("payment_method", method_id)
    stranger = method["customer"] != visit.customer["id"]
    if stranger or not visit.offers("payment_method_update"):
        raise ResourceMissing("payment_method", method_id)
    return method


def _save(request: HttpRequest, visit: Visit, form: CardForm) -> HttpResponse:
    world, card = visit.world, form.card
    details = {"name": card["name"], "address": {"country": card["country"]}}
    method = methods.from_details(world, card, billing_details=details)
    about = {"portal": visit.token}
    intent = setups.create(world, customer=visit.customer["id"], about=about)
    status = setups.attempt(world, intent, method)
    if status == intents.ASKS:
        return see_other(intents.authentication_url(world, intent["id"]))
    if status == intents.REFUSED:
        raise setups.declined_error(intent)
    return _use(request, visit, method["id"])


def _use(request: HttpRequest, visit: Visit, method_id: str) -> HttpResponse:
    visit.use(method_id)
    return finished(request, visit, gettext("Your card is saved"))
