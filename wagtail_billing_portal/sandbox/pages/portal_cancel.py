"""Leaving, and changing one's mind, in the customer portal."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from wagtail_billing_portal.sandbox.billing import changes, redemption
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.forms import CancelForm
from wagtail_billing_portal.sandbox.pages.frame import page, see_other
from wagtail_billing_portal.sandbox.pages.holdings import paid_until
from wagtail_billing_portal.sandbox.pages.portal_frame import (
    address,
    around,
    finished,
    portal_view,
    way_back,
)
from wagtail_billing_portal.sandbox.pages.visit import Visit
from wagtail_billing_portal.sandbox.pages.words import coupon_words, on_date
from wagtail_billing_portal.sandbox.resources.subscriptions import cancel_subscription

Json = dict[str, Any]

CANCEL = "subscription_cancel"


@portal_view
def portal_cancel(
    request: HttpRequest, visit: Visit, subscription_id: str
) -> HttpResponse:
    """Ask once, then let go."""
    subscription = visit.subscription(subscription_id, feature=CANCEL)
    if "cancel" not in visit.acts(subscription):
        return see_other(way_back(visit))
    if offer := _offer(request, visit, subscription):
        return offer
    holding = visit.holding(subscription)
    form = _reasons(request, visit)
    if request.method == "POST" and (form is None or form.is_valid()):
        _cancel(visit, subscription, details=form.details if form else {})
        return finished(request, visit, gettext("Your subscription is cancelled"))
    heading = gettext("Cancel %(name)s?") % {"name": holding.name}
    return page(
        request,
        "portal_cancel",
        {
            "heading": heading,
            "rate": holding.rate,
            "consequence": _consequence(visit, subscription),
            "form": form,
            **around(visit),
        },
    )


@require_POST
@portal_view
def portal_keep(
    request: HttpRequest, visit: Visit, subscription_id: str
) -> HttpResponse:
    """Take a planned cancellation back."""
    subscription = visit.subscription(subscription_id, feature=CANCEL)
    if "keep" in visit.acts(subscription):
        changes.update(visit.world, subscription, {"cancel_at": ""})
    return see_other(address(visit))


def _offer(
    request: HttpRequest, visit: Visit, subscription: Json
) -> HttpResponse | None:
    """Less to pay for whoever stays, before anybody is asked why they leave."""
    coupon = _coupon(visit, subscription)
    if coupon is None or "leave" in request.GET:
        return None
    if request.method == "POST":
        present = [{"discount": id} for id in subscription["discounts"]]
        kept = {"discounts": [*present, {"coupon": coupon["id"]}]}
        changes.update(visit.world, subscription, kept)
        return finished(request, visit, gettext("Your discount is in force"))
    context = {
        "name": visit.holding(subscription).name,
        "offer": coupon_words(coupon),
        **around(visit),
    }
    return page(request, "portal_retention", context)


def _coupon(visit: Visit, subscription: Json) -> Json | None:
    """The coupon that the flow holds out, as long as it is good."""
    flow = visit.flow
    wish = ((flow or {}).get(CANCEL) or {}).get("retention")
    if not wish:
        return None
    coupons = visit.world.find("coupon", id=wish["coupon_offer"]["coupon"])
    if not coupons:
        return None
    currency = subscription["currency"]
    try:
        redemption.check_coupon(visit.world, coupons[0], currency=currency, param="")
    except InvalidRequest:
        return None
    return coupons[0]


def _reasons(request: HttpRequest, visit: Visit) -> CancelForm | None:
    asked = visit.feature(CANCEL)["cancellation_reason"]
    if not asked["enabled"]:
        return None
    own = [
        (option["id"], option["description"])
        for option in visit.world.find(
            "billing.feedback_option",
            id=asked.get("feedback_options") or [],
            status="active",
        )
    ]
    data = request.POST if request.method == "POST" else None
    return CancelForm(data, options=asked["options"], own_options=own)


def _at_once(visit: Visit) -> bool:
    return bool(visit.feature(CANCEL)["mode"] == "immediately")


def _consequence(visit: Visit, subscription: Json) -> str:
    if not _at_once(visit):
        return gettext(
            "You keep access until %(date)s. After that nothing more is charged."
        ) % {"date": on_date(paid_until(subscription))}
    if _gives_back(visit):
        return gettext(
            "It ends now. What you paid for and did not use becomes a credit for your "
            "next invoice."
        )
    return gettext("It ends now. Nothing is refunded and nothing more is charged.")


def _gives_back(visit: Visit) -> bool:
    return bool(visit.feature(CANCEL)["proration_behavior"] == "create_prorations")


def _cancel(visit: Visit, subscription: Json, *, details: dict[str, str]) -> None:
    sent = {"cancellation_details": details} if details else {}
    if _at_once(visit):
        params = {**sent, "prorate": _gives_back(visit)}
        cancel_subscription(visit.world, params, subscription["id"])
    else:
        params = {"cancel_at_period_end": True, **sent}
        changes.update(visit.world, subscription, params)
