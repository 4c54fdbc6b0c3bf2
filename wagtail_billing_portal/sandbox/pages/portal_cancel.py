"""Leaving, and changing one's mind, in the customer portal."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from wagtail_billing_portal.sandbox.billing import cancellation, changes, ending
from wagtail_billing_portal.sandbox.errors import ResourceMissing
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
from wagtail_billing_portal.sandbox.pages.words import on_date

Json = dict[str, Any]

CANCEL = "subscription_cancel"


@portal_view
def portal_cancel(
    request: HttpRequest, visit: Visit, subscription_id: str
) -> HttpResponse:
    """Ask once, then let go."""
    subscription = _cancellable(visit, subscription_id)
    holding = visit.holding(subscription)
    if not holding.may_cancel:
        return see_other(way_back(visit))
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
    subscription = _cancellable(visit, subscription_id)
    if visit.holding(subscription).may_keep:
        changes.update(visit.world, subscription, {"cancel_at": ""})
    return see_other(address(visit))


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
        cancellation.write_details(visit.world, subscription, sent)
        ending.end(visit.world, subscription)
    else:
        params = {"cancel_at_period_end": True, **sent}
        changes.update(visit.world, subscription, params)
