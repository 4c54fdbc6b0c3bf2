"""What all pages of the sandbox share: headers, language, plain messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from wagtail_billing_portal.sandbox.errors import ResourceMissing
from wagtail_billing_portal.sandbox.world import World, world_holding

View = Callable[..., HttpResponse]


# No form-action: browsers apply it to redirects too, and a paid form leads to
# the address of whichever site sent the payer here.
def content_security_policy(
    *, ancestors: str = "'none'", scripts: str = "'none'", connects: str = "'none'"
) -> str:
    """What a page may load, and who may show it in a frame."""
    return (
        f"default-src 'none'; style-src 'self'; img-src 'self' data:; "
        f"script-src {scripts}; connect-src {connects}; base-uri 'none'; "
        f"frame-ancestors {ancestors}"
    )


# Which site loads Stripe.js is not known beforehand, and nothing in its frames goes
# by who the visitor is.
ANY_SITE = "http: https:"


def sandbox_page(view: View) -> View:
    """A page for people: protected forms, never stored, nothing from elsewhere.

    An object that is not there makes it the page for unknown addresses.
    """

    methods = require_http_methods(["GET", "HEAD", "POST"])
    return never_cache(methods(csrf_protect(_guarded(view))))


def framed_page(view: View) -> View:
    """A page for a frame of whichever site, opened by a secret in its address.

    No cookie tells who the visitor is, so none has to be protected from that site;
    in many browsers a frame would not even get one.
    """
    methods = require_http_methods(["GET", "HEAD", "POST"])
    return csrf_exempt(never_cache(methods(_guarded(xframe_options_exempt(view)))))


def _guarded(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except ResourceMissing:
            response = unknown_page(request)
        policy = content_security_policy()
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers["Referrer-Policy"] = "same-origin"
        if not getattr(response, "xframe_options_exempt", False):
            response.headers["X-Frame-Options"] = "DENY"
        return response

    return guarded


@contextmanager
def world_with(kind: str, id: str) -> Iterator[World]:
    """The world of an object whose id stands in the address."""
    with world_holding(kind, id) as world:
        if world is None:
            raise ResourceMissing(kind, id)
        yield world


@contextmanager
def spoken(request: HttpRequest, locale: str | None = None) -> Iterator[None]:
    """Speak ``locale``, or the browser's language when it is "auto" or unknown."""
    language = translation.get_language_from_request(request)
    if locale and locale != "auto":
        with suppress(LookupError):
            language = translation.get_supported_language_variant(locale.lower())
    with translation.override(language):
        yield


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page in the active language, untouched by the site's context processors."""
    context = {**context, "csrf_token": get_token(request)}
    html = render_to_string(f"billing_sandbox/{template}.html", context)
    response = HttpResponse(html, status=status)
    response.headers["Content-Language"] = translation.get_language() or "en"
    return response


def message_page(
    request: HttpRequest,
    heading: str,
    text: str,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A page that says one thing."""
    words = {"heading": heading, "text": text, "narrow": True}
    return page(request, "message", words | context, status=status)


def unknown_page(request: HttpRequest) -> HttpResponse:
    """The answer to an address that leads nowhere."""
    with spoken(request):
        return message_page(
            request,
            gettext("This page does not exist"),
            gettext("The link may be incomplete. Go back to where it came from."),
            status=404,
        )


def see_other(url: str) -> HttpResponse:
    """Send the browser on with a GET, whatever it came with."""
    return HttpResponseRedirect(url, status=303)
