"""The page where a Checkout Session is paid."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from wagtail_billing_portal.sandbox.billing import checkout
from wagtail_billing_portal.sandbox.billing.outcomes import (
    ActionRequired,
    Completed,
    Declined,
)
from wagtail_billing_portal.sandbox.billing.periods import DAY
from wagtail_billing_portal.sandbox.forms import CardForm, EmailForm
from wagtail_billing_portal.sandbox.pages.cards import asking, card_form, refusal_text
from wagtail_billing_portal.sandbox.pages.frame import (
    message_page,
    page,
    sandbox_page,
    see_other,
    spoken,
    world_with,
)
from wagtail_billing_portal.sandbox.pages.order import Order, needs_card, order_of
from wagtail_billing_portal.sandbox.pages.seller import seller_name
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@sandbox_page
def checkout_page(request: HttpRequest, session_id: str) -> HttpResponse:
    """Show a session's order and take the card for it."""
    with world_with("checkout.session", session_id) as world:
        session = world.get("checkout.session", session_id)
        with spoken(request, session["locale"]):
            if session["status"] == "expired":
                return _expired(request, session)
            if session["status"] == "complete":
                return _complete(request, session)
            return _open(request, world, session)


def _open(request: HttpRequest, world: World, session: Json) -> HttpResponse:
    customer = _customer(world, session)
    email = session["customer_email"] or customer.get("email") or ""
    email_form = None if email else EmailForm(request.POST or None)
    cards = None
    if needs_card(session):
        cards = card_form(request, now=world.now, holder=customer)
    asked = [form for form in (email_form, cards) if form is not None]
    refusal = ""
    # Every form is checked, so that all mistakes are shown at once.
    valid = [form.is_valid() for form in asked]
    if request.method == "POST" and all(valid):
        answer = _pay(world, session, email_form, cards)
        if isinstance(answer, HttpResponse):
            return answer
        refusal = answer
    return page(
        request,
        "checkout",
        {
            "order": _order(world, session),
            "seller": seller_name(),
            "email": email,
            "email_form": email_form,
            "card_form": cards,
            "back_url": session["cancel_url"],
            "back_text": gettext("Cancel and go back"),
            **asking(request, *asked, refusal=refusal),
        },
    )


def _order(world: World, session: Json) -> Order:
    items = session["_sandbox"].get("line_items") or []
    names = {
        product: world.get("product", product)["name"]
        for product in {item["price"]["product"] for item in items}
    }
    trial_end = _trial_end(world, session)
    return order_of(session, items, names=names, trial_end=trial_end)


def _trial_end(world: World, session: Json) -> int | None:
    data = session["_sandbox"].get("subscription_data") or {}
    if days := data.get("trial_period_days"):
        return world.now + int(days) * DAY
    return data.get("trial_end")


def _customer(world: World, session: Json) -> Json:
    if not session["customer"]:
        return {}
    return world.get("customer", session["customer"])


def _pay(
    world: World, session: Json, email_form: EmailForm | None, cards: CardForm | None
) -> HttpResponse | str:
    """Where to go next, or the words with which the bank refused."""
    outcome = checkout.pay(
        world,
        session["id"],
        card=cards.card if cards else None,
        email=email_form.cleaned_data["email"] if email_form else "",
    )
    match outcome:
        case Completed(redirect_url=url) | ActionRequired(url=url):
            return see_other(url)
        case Declined():
            return refusal_text(outcome)


def _complete(request: HttpRequest, session: Json) -> HttpResponse:
    """Paid already: a second click on the button ends where the first did."""
    done = checkout.redirect_url(session)
    if request.method == "POST":
        return see_other(done)
    return message_page(
        request,
        gettext("This has been paid already")
        if session["mode"] != "setup"
        else gettext("This card has been saved already"),
        gettext("There is nothing left to do here."),
        seller=seller_name(),
        next_url=done,
        next_text=gettext("Continue"),
    )


def _expired(request: HttpRequest, session: Json) -> HttpResponse:
    return message_page(
        request,
        gettext("This payment page has expired"),
        gettext("Nothing was charged. Go back and start again."),
        status=410,
        seller=seller_name(),
        next_url=session["cancel_url"],
        next_text=gettext("Go back"),
    )
