"""The sandbox on its own: Stripe's API and the sandbox's pages at one origin."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.defaults import server_error

from . import control
from .answer import Answer
from .dispatch import handle
from .errors import SandboxError
from .faults import ConnectionLost
from .server import HANG_UP

API = ("/v1/", "/v2/")


@csrf_exempt
def api(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Hand a request to the dispatcher and its answer back."""
    method = request.method or "GET"
    headers = {name: value for name, value in request.headers.items() if value}
    try:
        answer = handle(method, request.get_full_path(), headers, request.body)
    except ConnectionLost as lost:
        request.META[HANG_UP]()
        return StreamingHttpResponse(_silence(lost.after))
    return _response(answer)


@csrf_exempt
def switches(request: HttpRequest, name: str = "") -> HttpResponse:
    """The control address, which a site's own URLs do not have."""
    method, content_type = request.method or "GET", request.content_type or ""
    return _response(control.turn(method, name, content_type, request.body))


def handler500(request: HttpRequest) -> HttpResponse:
    """A mistake of the sandbox's own, in the form that a client understands."""
    if not request.path.startswith(API):
        return server_error(request)
    error = SandboxError("The sandbox failed; its log says why.", status=500)
    error.type = "api_error"
    return _response(Answer.refusing(error))


def _silence(seconds: float) -> Iterator[bytes]:
    """Nothing for a while, and then the end of the connection instead of an answer."""
    time.sleep(seconds)
    raise ConnectionResetError
    yield b""  # A generator, so that the server is the one to be interrupted.


def _response(answer: Answer) -> HttpResponse:
    return HttpResponse(answer.body, status=answer.status, headers=answer.headers)


urlpatterns = [
    path("v1/<path:rest>", api),
    path("v2/<path:rest>", api),
    path("_sandbox/", switches),
    path("_sandbox/<str:name>", switches),
    path("", include("wagtail_billing_portal.sandbox.urls")),
]
