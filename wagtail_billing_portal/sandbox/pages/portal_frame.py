"""What the pages of the customer portal share: who is there, and the way out."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from wagtail_billing_portal.sandbox.billing import portal, portal_logins
from wagtail_billing_portal.sandbox.billing.outcomes import ActionRequired, Outcome
from wagtail_billing_portal.sandbox.pages.frame import (
    View,
    message_page,
    page,
    sandbox_page,
    see_other,
    spoken,
    world_with,
)
from wagtail_billing_portal.sandbox.pages.seller import seller_name
from wagtail_billing_portal.sandbox.pages.visit import Visit, visiting
from wagtail_billing_portal.sandbox.pages.words import hinted

Json = dict[str, Any]


def portal_view(view: Callable[..., HttpResponse]) -> View:
    """A page of the portal: called with the visit instead of its token."""

    @wraps(view)
    def opened(request: HttpRequest, token: str, **ids: str) -> HttpResponse:
        with visiting(token) as visit:
            if visit is None:
                return expired(request, token)
            with spoken(request, visit.locale):
                return view(request, visit, **ids)

    return sandbox_page(opened)


def address(visit: Visit, action: str = "", *ids: str) -> str:
    """A page of the portal, its first one by default."""
    name = f"portal_{action}" if action else "portal"
    return reverse(f"billing_sandbox:{name}", args=[visit.token, *ids])


def way_back(visit: Visit) -> str:
    """Where somebody goes who changes nothing: out of a flow, else to the start."""
    out = visit.session["return_url"]
    return str(out) if visit.flow and out else address(visit)


def finished(request: HttpRequest, visit: Visit, heading: str) -> HttpResponse:
    """Where to go when something was done: a flow says so itself."""
    flow = visit.flow
    if flow is None:
        return see_other(address(visit))
    visit.finish_flow()
    after = flow["after_completion"]
    if after["type"] == "redirect":
        return see_other(after["redirect"]["return_url"])
    if after["type"] == "hosted_confirmation":
        return done_page(request, visit, heading)
    return see_other(address(visit))


def done_page(request: HttpRequest, visit: Visit, heading: str = "") -> HttpResponse:
    """The end of a flow, in the business's own words where it has some."""
    after = visit.session["flow"]["after_completion"]["hosted_confirmation"] or {}
    return message_page(
        request,
        heading or gettext("All done"),
        after.get("custom_message") or gettext("There is nothing left to do here."),
        seller=seller_name(),
        next_url=visit.session["return_url"],
        next_text=gettext("Continue"),
    )


def settled(
    request: HttpRequest, visit: Visit, outcome: Outcome, *, heading: str, back: str
) -> HttpResponse:
    """Where to go after something that costs: first to the bank, if it asks.

    ``back`` is the page to which somebody returns whom the bank did not know.
    """
    if not isinstance(outcome, ActionRequired):
        return finished(request, visit, heading)
    intent = visit.world.get("payment_intent", outcome.intent_id)
    visit.world.private(intent).update(
        portal=visit.token, portal_back=back, portal_done=heading
    )
    visit.world.save(intent)
    return see_other(outcome.url)


def around(visit: Visit) -> Json:
    """The context of what surrounds every page of the portal."""
    return {
        "seller": seller_name(),
        "narrow": True,
        "keep_url": way_back(visit),
        "back_url": visit.session["return_url"],
        "back_text": gettext("Back to %(seller)s") % {"seller": seller_name()},
    }


def expired(request: HttpRequest, token: str) -> HttpResponse:
    """The link was left lying too long; some may ask for another one."""
    with world_with(portal.PAGE, token) as world:
        session = world.get(portal.PAGE, token)["session"]
        customer = portal_logins.recoverable(world, token)
    with spoken(request, session["locale"]):
        if customer is not None:
            context = {
                "email": hinted(customer["email"]),
                "recover_url": reverse("billing_sandbox:portal_recover", args=[token]),
                "return_url": session["return_url"],
                "seller": seller_name(),
                "narrow": True,
            }
            return page(request, "portal_expired", context, status=410)
        return message_page(
            request,
            gettext("This link has expired"),
            gettext("For your safety it works for a short time only. Open it again."),
            status=410,
            seller=seller_name(),
            next_url=session["return_url"],
            next_text=gettext("Go back"),
        )
