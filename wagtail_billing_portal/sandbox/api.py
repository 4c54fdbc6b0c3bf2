"""Stripe's API over HTTP: all of it, or the part that belongs in a browser."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.views.decorators.csrf import csrf_exempt

from .answer import Answer
from .dispatch import handle
from .errors import SecretsStayAway
from .faults import ConnectionLost
from .request import Request

API = ("/v1/", "/v2/")
HANG_UP = "sandbox.hang_up"
"""Where a server keeps how to end a connection without an answer."""

# Keys are the only credentials, so that any page may ask, as at Stripe.
ANY_SITE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Request-Id, Stripe-Should-Retry",
}
PREFLIGHT = {
    **ANY_SITE,
    "Access-Control-Allow-Headers": (
        "Authorization, Content-Type, Idempotency-Key, Stripe-Account, Stripe-Version"
    ),
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Max-Age": "300",
}


@csrf_exempt
def api(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Hand a request to the dispatcher and its answer back."""
    if request.method == "OPTIONS":
        return HttpResponse(headers=PREFLIGHT)
    called, headers = _called(request)
    try:
        answer = handle(request.method or "GET", called, headers, request.body)
    except ConnectionLost as lost:
        request.META.get(HANG_UP, _leave)()
        return StreamingHttpResponse(_silence(lost.after))
    return response(answer, ANY_SITE)


@csrf_exempt
def browser_api(request: HttpRequest, rest: str) -> HttpResponseBase:
    """The same at a site's own address, where only publishable keys are taken."""
    called, headers = _called(request)
    asked = Request.read(request.method or "GET", called, headers, request.body)
    if request.method != "OPTIONS" and not asked.is_publishable:
        return response(Answer.refusing(SecretsStayAway()), ANY_SITE)
    return api(request, rest)


def response(
    answer: Answer, more: Mapping[str, str] = MappingProxyType({})
) -> HttpResponse:
    """An answer as Django sends it."""
    headers = {**answer.headers, **more}
    return HttpResponse(answer.body, status=answer.status, headers=headers)


def _called(request: HttpRequest) -> tuple[str, dict[str, str]]:
    """What was asked for, as at an address that is all Stripe's."""
    headers = {name: value for name, value in request.headers.items() if value}
    url = request.get_full_path()
    start = min(found for found in map(url.find, API) if found >= 0)
    return url[start:], headers


def _silence(seconds: float) -> Iterator[bytes]:
    """Nothing for a while, and then the end of the connection instead of an answer."""
    time.sleep(seconds)
    raise ConnectionResetError
    yield b""  # A generator, so that the server is the one to be interrupted.


def _leave() -> None:
    """Servers other than the sandbox's own end the connection by themselves."""
