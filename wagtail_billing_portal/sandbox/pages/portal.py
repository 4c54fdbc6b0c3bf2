"""The hosted customer portal: a look-alike of what Stripe's own offers first."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from wagtail_billing_portal.sandbox.billing import cancellation, changes, ending
from wagtail_billing_portal.sandbox.errors import ResourceMissing
from wagtail_billing_portal.sandbox.forms import CancelForm
from wagtail_billing_portal.sandbox.pages.frame import (
    View,
    message_page,
    page,
    sandbox_page,
    see_other,
    spoken,
)
from wagtail_billing_portal.sandbox.pages.holdings import (
    Holding,
    bill_of,
    paid_until,
)
from wagtail_billing_portal.sandbox.pages.seller import seller_name
from wagtail_billing_portal.sandbox.pages.visit import Visit, return_url, visiting
from wagtail_billing_portal.sandbox.pages.words import on_date

Json = dict[str, Any]

CANCEL = "subscription_cancel"


def portal_view(view: Callable[..., HttpResponse]) -> View:
    """A page of the portal: called with the visit instead of its token."""

    @wraps(view)
    def opened(request: HttpRequest, token: str, **ids: str) -> HttpResponse:
        with visiting(token) as visit:
            if visit is None:
                return _expired(request, token)
            with spoken(request, visit.session["locale"]):
                return view(request, visit, **ids)

    return sandbox_page(opened)


@portal_view
def portal_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the customer has, pays with and has paid."""
    if visit.flow and visit.flow["type"] == CANCEL:
        return see_other(_address(visit, "cancel", visit.flow[CANCEL]["subscription"]))
    customer = visit.customer
    bills = [bill_of(invoice) for invoice in visit.invoices()]
    return page(
        request,
        "portal",
        {
            "heading": visit.configuration["business_profile"]["headline"],
            "customer": customer["name"] or customer["email"] or customer["id"],
            "subscriptions": [_linked(visit, each) for each in visit.holdings()],
            "cards": visit.cards(),
            "invoices": bills if visit.offers("invoice_history") else None,
            "legal_links": _legal_links(visit),
            **_frame(visit),
        },
    )


@portal_view
def portal_cancel(
    request: HttpRequest, visit: Visit, subscription_id: str
) -> HttpResponse:
    """Ask once, then let go."""
    subscription = _cancellable(visit, subscription_id)
    holding = visit.holding(subscription)
    if not holding.may_cancel:
        return see_other(_after(visit))
    form = _reasons(request, visit)
    if request.method == "POST" and (form is None or form.is_valid()):
        _cancel(visit, subscription, details=form.details if form else {})
        return _cancelled(request, visit)
    heading = gettext("Cancel %(name)s?") % {"name": holding.name}
    return page(
        request,
        "portal_cancel",
        {
            "heading": heading,
            "rate": holding.rate,
            "consequence": _consequence(visit, subscription),
            "form": form,
            "keep_url": _back(visit) if visit.flow else _address(visit),
            **_frame(visit),
        },
    )


@require_POST
@portal_view
def portal_keep(
    request: HttpRequest, visit: Visit, subscription_id: str
) -> HttpResponse:
    """Take a planned cancellation back."""
    subscription = _cancellable(visit, subscription_id)
    if visit.holding(subscription).may_keep:
        changes.update(visit.world, subscription, {"cancel_at": ""})
    return see_other(_address(visit))


def _cancellable(visit: Visit, subscription_id: str) -> Json:
    """A subscription of this visit; not even its page exists with the feature off."""
    subscription = visit.subscription(subscription_id)
    if not visit.offers(CANCEL):
        raise ResourceMissing("subscription", subscription_id)
    return subscription


def _reasons(request: HttpRequest, visit: Visit) -> CancelForm | None:
    asked = visit.feature(CANCEL)["cancellation_reason"]
    if not asked["enabled"]:
        return None
    return CancelForm(request.POST or None, options=asked["options"])


def _at_once(visit: Visit) -> bool:
    return bool(visit.feature(CANCEL)["mode"] == "immediately")


def _consequence(visit: Visit, subscription: Json) -> str:
    if _at_once(visit):
        return gettext("It ends now. Nothing is refunded and nothing more is charged.")
    return gettext(
        "You keep access until %(date)s. After that nothing more is charged."
    ) % {"date": on_date(paid_until(subscription))}


def _cancel(visit: Visit, subscription: Json, *, details: dict[str, str]) -> None:
    sent = {"cancellation_details": details} if details else {}
    if _at_once(visit):
        cancellation.write_details(subscription, sent)
        ending.end(visit.world, subscription)
    else:
        params = {"cancel_at_period_end": True, **sent}
        changes.update(visit.world, subscription, params)


def _cancelled(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Where the flow says to go when it is done."""
    after = (visit.flow or {}).get("after_completion") or {}
    if visit.flow:
        visit.finish_flow()
    if after.get("type") == "redirect":
        return see_other(after["redirect"]["return_url"])
    if after.get("type") == "hosted_confirmation":
        words = after["hosted_confirmation"]["custom_message"]
        return message_page(
            request,
            gettext("Your subscription is cancelled"),
            words or gettext("There is nothing left to do here."),
            seller=seller_name(),
            next_url=_back(visit),
            next_text=gettext("Continue"),
        )
    return see_other(_address(visit))


def _after(visit: Visit) -> str:
    return _back(visit) if visit.flow else _address(visit)


def _linked(visit: Visit, holding: Holding) -> Json:
    return {
        "holding": holding,
        "cancel_url": _address(visit, "cancel", holding.id),
        "keep_url": _address(visit, "keep", holding.id),
    }


def _address(visit: Visit, action: str = "", subscription_id: str = "") -> str:
    if not action:
        return reverse("billing_sandbox:portal", args=[visit.token])
    return reverse(
        f"billing_sandbox:portal_{action}", args=[visit.token, subscription_id]
    )


def _back(visit: Visit) -> str:
    default = visit.configuration["default_return_url"]
    return str(visit.session["return_url"] or default or _address(visit))


def _frame(visit: Visit) -> Json:
    return {
        "seller": seller_name(),
        "narrow": True,
        "back_url": visit.session["return_url"],
        "back_text": gettext("Back to %(seller)s") % {"seller": seller_name()},
    }


def _legal_links(visit: Visit) -> list[Json]:
    profile = visit.configuration["business_profile"]
    links = (
        (profile["terms_of_service_url"], gettext("Terms of service")),
        (profile["privacy_policy_url"], gettext("Privacy policy")),
    )
    return [{"url": url, "text": text} for url, text in links if url]


def _expired(request: HttpRequest, token: str) -> HttpResponse:
    with spoken(request):
        return message_page(
            request,
            gettext("This link has expired"),
            gettext("For your safety it works for a short time only. Open it again."),
            status=410,
            seller=seller_name(),
            next_url=return_url(token),
            next_text=gettext("Go back"),
        )
