"""The bank's question in the middle of a payment (3-D Secure)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext

from wagtail_billing_portal.sandbox.billing import checkout, intents
from wagtail_billing_portal.sandbox.billing.outcomes import Completed, Declined, Outcome
from wagtail_billing_portal.sandbox.errors import ResourceMissing
from wagtail_billing_portal.sandbox.pages.document import Row
from wagtail_billing_portal.sandbox.pages.frame import (
    ANY_SITE,
    content_security_policy,
    framed_page,
    message_page,
    page,
    sandbox_page,
    see_other,
    spoken,
    world_with,
)
from wagtail_billing_portal.sandbox.pages.money import format_amount
from wagtail_billing_portal.sandbox.pages.portal_card import after_bank
from wagtail_billing_portal.sandbox.pages.seller import seller_name
from wagtail_billing_portal.sandbox.pages.words import card_label, kind_label
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

RESULTS = {
    intents.SUCCEEDED: "succeeded",
    intents.HELD: "succeeded",
    intents.PROCESSING: "pending",
}
COMPLETE = "complete"
FAIL = "fail"


@sandbox_page
def authenticate_page(request: HttpRequest, intent_id: str) -> HttpResponse:
    """Let the payer choose how the bank's question ends."""
    kind = "setup_intent" if intent_id.startswith("seti_") else "payment_intent"
    with world_with(kind, intent_id) as world:
        intent = world.get(kind, intent_id)
        with spoken(request, _locale_of(world, intent)):
            if intent["status"] != intents.ASKS:
                return _answered(request, world, intent)
            answer = request.POST.get("answer")
            if answer not in (COMPLETE, FAIL):
                return _asking(request, world, intent)
            back = _came_from(world, intent)
            outcome = checkout.finish_authentication(
                world, intent_id, succeed=answer == COMPLETE
            )
            return _go_on(request, world.get(kind, intent_id), outcome, back=back)


@framed_page
def challenge_page(request: HttpRequest, client_secret: str) -> HttpResponse:
    """The same question in the window that Stripe.js opens over a site's page."""
    intent_id = client_secret.partition("_secret_")[0]
    kind = "setup_intent" if intent_id.startswith("seti_") else "payment_intent"
    with world_with(kind, intent_id) as world:
        intent = world.get(kind, intent_id)
        if not constant_time_compare(intent["client_secret"] or "", client_secret):
            raise ResourceMissing(kind, intent_id)
        with spoken(request, request.GET.get("locale")):
            response = _challenge(request, world, intent)
    response.headers["Content-Security-Policy"] = content_security_policy(
        ancestors=ANY_SITE, scripts="'self'"
    )
    return response


def _challenge(request: HttpRequest, world: World, intent: Json) -> HttpResponse:
    answer = request.POST.get("answer")
    if intent["status"] == intents.ASKS:
        if answer not in (COMPLETE, FAIL):
            return _asking(request, world, intent, framed=True)
        checkout.finish_authentication(world, intent["id"], succeed=answer == COMPLETE)
    return _done(request, tells="challenge.answered")


def _asking(
    request: HttpRequest, world: World, intent: Json, *, framed: bool = False
) -> HttpResponse:
    method = world.get("payment_method", intent["payment_method"])
    facts = [Row(gettext("To"), seller_name())]
    if "amount" in intent:
        amount = format_amount(intent["amount"], intent["currency"])
        facts.append(Row(gettext("Amount"), amount))
    wallet = "" if method["type"] == "card" else kind_label(method["type"])
    label = gettext("Payment method") if wallet else gettext("Card")
    facts.append(Row(label, card_label(method)))
    context = {"facts": facts, "framed": framed, "narrow": True, "wallet": wallet}
    return page(request, "authenticate", context)


def _go_on(
    request: HttpRequest, intent: Json, outcome: Outcome, *, back: str
) -> HttpResponse:
    if "portal" in intent["_sandbox"]:
        return after_bank(request, intent)
    if return_url := intent["_sandbox"].get("return_url"):
        return see_other(_with_result(return_url, intent))
    if isinstance(outcome, Completed):
        return (
            see_other(outcome.redirect_url) if outcome.redirect_url else _done(request)
        )
    if not back or not isinstance(outcome, Declined):
        return _done(request)
    reason = "authentication" if "authentication" in outcome.code else "card"
    return see_other(f"{back}?{urlencode({'refused': reason})}")


def _answered(request: HttpRequest, world: World, intent: Json) -> HttpResponse:
    """The question was answered before, perhaps in another window."""
    back = _came_from(world, intent)
    return see_other(back) if back else _done(request)


def _done(request: HttpRequest, **context: Any) -> HttpResponse:
    return message_page(
        request,
        gettext("Your bank has its answer"),
        gettext("You can close this page."),
        seller=seller_name(),
        **context,
    )


def _came_from(world: World, intent: Json) -> str:
    """The page of the sandbox on which the card was typed."""
    private = intent["_sandbox"]
    if session := private.get("session"):
        return checkout.page_url(world, world.get(checkout.KIND, session))
    if invoice := private.get("invoice"):
        return str(world.get("invoice", invoice)["hosted_invoice_url"] or "")
    return ""


def _locale_of(world: World, intent: Json) -> str | None:
    if session := intent["_sandbox"].get("session"):
        locale: str | None = world.get("checkout.session", session)["locale"]
        return locale
    return None


def _with_result(return_url: str, intent: Json) -> str:
    """A return address with what Stripe adds to it."""
    kind = intent["object"]
    result = {
        kind: intent["id"],
        f"{kind}_client_secret": intent["client_secret"],
        "redirect_status": RESULTS.get(intent["status"], "failed"),
    }
    joint = "&" if "?" in return_url else "?"
    return f"{return_url}{joint}{urlencode(result)}"
