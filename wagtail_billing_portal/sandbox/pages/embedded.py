"""A checkout inside a frame of the site that sells."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from wagtail_billing_portal.sandbox.billing import checkout
from wagtail_billing_portal.sandbox.errors import ResourceMissing
from wagtail_billing_portal.sandbox.pages.checkout import origin_of, state_of
from wagtail_billing_portal.sandbox.pages.frame import (
    content_security_policy,
    framed_page,
    spoken,
    world_with,
)

# Where no return address says which site it is.
NEAR = "'self' http://localhost:* http://127.0.0.1:*"


@framed_page
def embedded_page(request: HttpRequest, client_secret: str) -> HttpResponse:
    """The checkout page for a frame, which only the site it belongs to may show."""
    session_id = client_secret.partition("_secret_")[0]
    with world_with(checkout.KIND, session_id) as world:
        session = world.get(checkout.KIND, session_id)
        if not constant_time_compare(session["client_secret"] or "", client_secret):
            raise ResourceMissing(checkout.KIND, session_id)
        if session["ui_mode"] == "elements":
            raise ResourceMissing(checkout.KIND, session_id)
        with spoken(request, session["locale"]):
            response = state_of(request, world, session, framed=True)
    site = origin_of(session["return_url"]) or NEAR
    response.headers["Content-Security-Policy"] = content_security_policy(
        ancestors=site, scripts="'self'"
    )
    return response
