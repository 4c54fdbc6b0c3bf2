"""The address of a payment link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from wagtail_billing_portal.sandbox.billing import payment_links
from wagtail_billing_portal.sandbox.pages.frame import (
    message_page,
    sandbox_page,
    see_other,
    spoken,
    world_with,
)
from wagtail_billing_portal.sandbox.pages.seller import seller_name


@sandbox_page
def payment_link_page(request: HttpRequest, token: str) -> HttpResponse:
    """Open a checkout session of one's own, as often as the link allows."""
    with world_with("_payment_link_page", token) as world:
        found = world.get("_payment_link_page", token)
        link = world.get(payment_links.KIND, found["link"])
        asked = {name: request.GET[name] for name in request.GET}
        if link["active"]:
            return see_other(payment_links.visit(world, link, asked)["url"])
    with spoken(request, asked.get("locale")):
        return message_page(
            request,
            gettext("This link is no longer active"),
            link["inactive_message"] or gettext("Nothing was charged."),
            status=410,
            seller=seller_name(),
        )
