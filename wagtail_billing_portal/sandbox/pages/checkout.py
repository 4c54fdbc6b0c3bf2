"""The page where a Checkout Session is paid."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from wagtail_billing_portal.sandbox.billing import (
    checkout,
    checkout_sessions,
    offers,
    promotions,
)
from wagtail_billing_portal.sandbox.billing.outcomes import (
    ActionRequired,
    Completed,
    Declined,
)
from wagtail_billing_portal.sandbox.billing.periods import DAY
from wagtail_billing_portal.sandbox.errors import InvalidRequest, ResourceMissing
from wagtail_billing_portal.sandbox.forms import CodeForm, OrderForm
from wagtail_billing_portal.sandbox.pages.accounts import block_of
from wagtail_billing_portal.sandbox.pages.asked import Asked, asked_of, order_form
from wagtail_billing_portal.sandbox.pages.cards import (
    asking,
    likely_country,
    refusal_text,
)
from wagtail_billing_portal.sandbox.pages.frame import (
    message_page,
    page,
    sandbox_page,
    see_other,
    spoken,
    world_with,
)
from wagtail_billing_portal.sandbox.pages.order import Order, order_of
from wagtail_billing_portal.sandbox.pages.seller import seller_name
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

ORDER, CODE, NO_CODE = "order", "code", "no_code"


@sandbox_page
def checkout_page(request: HttpRequest, session_id: str) -> HttpResponse:
    """Show a session's order and take the card for it."""
    with world_with(checkout.KIND, session_id) as world:
        session = world.get(checkout.KIND, session_id)
        if session["client_secret"]:
            raise ResourceMissing(checkout.KIND, session_id)
        with spoken(request, session["locale"]):
            return state_of(request, world, session)


@sandbox_page
def recover_page(request: HttpRequest, session_id: str, token: str) -> HttpResponse:
    """Take up an offer that expired: the same once more, on a page of its own."""
    with world_with(checkout.KIND, session_id) as world:
        session = world.get(checkout.KIND, session_id)
        if not token or session["_sandbox"].get("recovery") != token:
            raise ResourceMissing(checkout.KIND, session_id)
        if session["after_expiration"]["recovery"]["expires_at"] < world.now:
            with spoken(request, session["locale"]):
                return _expired(request, session)
        return see_other(checkout_sessions.recover(world, session)["url"])


def state_of(
    request: HttpRequest, world: World, session: Json, *, framed: bool = False
) -> HttpResponse:
    """The page of a session that is open, paid or expired."""
    if session["status"] == "expired":
        return _expired(request, session)
    if session["status"] == "complete":
        return _complete(request, world, session, framed=framed)
    return _open(request, world, session, framed=framed)


def _open(
    request: HttpRequest, world: World, session: Json, *, framed: bool
) -> HttpResponse:
    posted = request.method == "POST"
    doing = request.POST.get("do") if posted else None
    order = order_form(request, world, session, bound=doing == ORDER)
    code = _code_form(request, session, bound=doing == CODE)
    if doing and _has_done(world, session, doing, order, code):
        return see_other(request.path)
    _guess_place(request, world, session)
    paying = posted and not doing
    asked = asked_of(request, world, session, bound=paying)
    refusal = ""
    if paying and _has_changed(request, session):
        refusal = gettext("The order has changed. Check it before you pay.")
    elif paying and asked.is_valid() and _tax_differs(world, session, asked):
        refusal = gettext("Tax depends on the country. Check the new sum.")
    elif paying and asked.is_valid():
        answer = _pay(request, world, session, asked, framed=framed)
        if isinstance(answer, HttpResponse):
            return answer
        refusal = answer
    return page(
        request,
        "checkout",
        {
            "order": _order(world, session),
            "order_form": order,
            "code_form": code,
            "codes": _codes(world, session),
            "session": session,
            "framed": framed,
            "seller": seller_of(session),
            "asked": asked,
            "accounts": [
                block_of(form, seller=seller_of(session)) for form in asked.accounts
            ],
            "back_url": session["cancel_url"],
            "back_text": gettext("Cancel and go back"),
            **asking(request, *asked.forms, refusal=refusal),
            "forms": [asked.fields],
        },
    )


def seller_of(session: Json) -> str:
    """Who is paid, under the name that the session goes by."""
    own: str = (session.get("branding_settings") or {}).get("display_name") or ""
    return own or seller_name()


def _has_done(
    world: World, session: Json, doing: str, order: OrderForm | None, code: Any
) -> bool:
    """Change the order before anything is paid."""
    if doing == NO_CODE and session["allow_promotion_codes"]:
        promotions.put(world, session, [])
    elif doing == CODE and code:
        if not code.is_valid():
            return False
        if not promotions.enter(world, session, code.cleaned_data["code"]):
            code.add_error("code", gettext("This code is not valid."))
            return False
    elif doing == ORDER and order:
        return _reorder(world, session, order)
    offers.count(world, session)
    world.save(session)
    return True


def _code_form(request: HttpRequest, session: Json, *, bound: bool) -> CodeForm | None:
    if not session["allow_promotion_codes"] or session["discounts"]:
        return None
    return CodeForm(request.POST if bound else None)


def _codes(world: World, session: Json) -> list[str]:
    """What is taken off, by the names that people know."""
    names = []
    for discount in session["_sandbox"].get("discounts", []):
        coupon = promotions.coupon_of(world, discount)
        name = coupon["name"] or coupon["id"]
        if code_id := discount.get("promotion_code"):
            name = world.get("promotion_code", code_id)["code"]
        names.append(name)
    return names


def _guess_place(request: HttpRequest, world: World, session: Json) -> None:
    """Until somebody says where they live, tax goes by their browser."""
    known = session["_sandbox"].get("place") or session["customer"]
    if session["automatic_tax"]["enabled"] and not known:
        offers.settle_at(world, session, {"country": likely_country(request)})
        world.save(session)


def _tax_differs(world: World, session: Json, asked: Asked) -> bool:
    """Whether the sum is another one where the payer says they live."""
    before = session["amount_total"]
    offers.settle_at(world, session, asked.place)
    world.save(session)
    return bool(session["amount_total"] != before)


def _reorder(world: World, session: Json, order: OrderForm) -> bool:
    if not order.is_valid():
        return False
    try:
        offers.choose(world, session, order.quantities)
    except InvalidRequest:
        order.add_error(None, gettext("This quantity is not possible."))
        return False
    return True


def _has_changed(request: HttpRequest, session: Json) -> bool:
    """Whether the payer saw another sum, perhaps in another window."""
    seen = request.POST.get("seen")
    return seen is not None and seen != str(session["amount_total"])


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


def _pay(
    request: HttpRequest, world: World, session: Json, asked: Asked, *, framed: bool
) -> HttpResponse | str:
    """Where to go next, or the words with which the bank refused."""
    outcome = checkout.pay(world, session["id"], **asked.paying)
    match outcome:
        case Completed(redirect_url=url):
            if framed:
                return see_other(request.path)
            return see_other(url)
        case ActionRequired(url=url):
            return _to_the_bank(request, session, url) if framed else see_other(url)
        case Declined():
            return refusal_text(outcome)


def _to_the_bank(request: HttpRequest, session: Json, url: str) -> HttpResponse:
    """Banks do not let themselves be framed."""
    return message_page(
        request,
        gettext("Your bank wants to confirm that it is you"),
        gettext("Nothing was charged yet."),
        seller=seller_of(session),
        next_url=url,
        next_text=gettext("Go to your bank"),
        leaves_frame=True,
        framed=True,
    )


def _complete(
    request: HttpRequest, world: World, session: Json, *, framed: bool
) -> HttpResponse:
    """Paid already: a second click on the button ends where the first did."""
    done = checkout.redirect_url(world, session)
    stays = done == checkout.page_url(world, session)
    if request.method == "POST" and not framed:
        return see_other(done)
    heading = gettext("This has been paid already")
    text = gettext("There is nothing left to do here.")
    if session["mode"] == "setup":
        heading = gettext("This has been saved already")
    if framed or stays:
        heading = gettext("Thank you")
        text = _thanks(session)
    return message_page(
        request,
        heading,
        text,
        seller=seller_of(session),
        next_url="" if stays else done,
        next_text=gettext("Continue"),
        leaves_frame=framed,
        tells="checkout.session.completed" if framed else "",
        framed_session=session if framed else None,
        goes_to=done if session.get("redirect_on_completion") == "always" else "",
    )


def origin_of(url: str | None) -> str:
    """The scheme, host and port of an address."""
    parts = urlsplit(url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _thanks(session: Json) -> str:
    own: str | None = session["_sandbox"].get("thanks")
    if own:
        return own
    if session["mode"] == "setup":
        return gettext("It has been saved for later payments.")
    if session["payment_status"] == "no_payment_required":
        return gettext("Everything is set up. Nothing was charged.")
    if session["payment_status"] == "unpaid":
        return gettext("Your payment is on its way. That can take a few days.")
    return gettext("Your payment has arrived.")


def _expired(request: HttpRequest, session: Json) -> HttpResponse:
    return message_page(
        request,
        gettext("This payment page has expired"),
        gettext("Nothing was charged. Go back and start again."),
        status=410,
        seller=seller_of(session),
        next_url=session["cancel_url"],
        next_text=gettext("Go back"),
    )
