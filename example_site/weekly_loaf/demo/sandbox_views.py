"""A look at Stripe's side, and a switch to hold its webhooks back."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from wagtail_billing_portal.sandbox import delivery
from wagtail_billing_portal.sandbox.models import StoredObject
from wagtail_billing_portal.sandbox.pages.practice_cards import PRACTICE_CARDS
from wagtail_billing_portal.sandbox.world import account_for_key, open_world
from weekly_loaf.demo.seeding.texts import coupons
from weekly_loaf.demo.views import only_in_the_demo

LATEST = 25


@only_in_the_demo
@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """What the sandbox did last, and what of it the site has not been told yet."""
    accounts = settings.WAGTAIL_BILLING_PORTAL["ACCOUNTS"]
    account = account_for_key(accounts["default"]["SECRET_KEY"])
    with open_world(account) as world:
        context = {
            "events": [event.data for event in _latest_events(account)],
            "waiting": len(delivery.pending(world)),
            "is_paused": delivery.is_paused(),
            "cards": PRACTICE_CARDS,
            "code": coupons()[0]["code"],
        }
    return render(request, "demo/sandbox.html", context)


@only_in_the_demo
@require_POST
def deliveries(request: HttpRequest) -> HttpResponse:
    """Hold webhooks back, or let them go."""
    if request.POST.get("do") == "pause":
        delivery.pause()
    else:
        delivery.resume()
    return redirect("demo:sandbox")


def _latest_events(account: str) -> list[StoredObject]:
    events = StoredObject.objects.filter(account=account, kind="event")
    return list(events.order_by("-seq")[:LATEST])
