"""The sandbox on its own: Stripe's API and the sandbox's pages at one origin."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.defaults import server_error

from .answer import Answer
from .dispatch import handle
from .errors import SandboxError

API = "/v1/"


@csrf_exempt
def api(request: HttpRequest, rest: str) -> HttpResponse:
    """Hand a request to the dispatcher and its answer back."""
    method = request.method or "GET"
    headers = {name: value for name, value in request.headers.items() if value}
    return _response(handle(method, request.get_full_path(), headers, request.body))


def handler500(request: HttpRequest) -> HttpResponse:
    """A mistake of the sandbox's own, in the form that a client understands."""
    if not request.path.startswith(API):
        return server_error(request)
    error = SandboxError("The sandbox failed; its log says why.", status=500)
    error.type = "api_error"
    return _response(Answer.refusing(error))


def _response(answer: Answer) -> HttpResponse:
    return HttpResponse(answer.body, status=answer.status, headers=answer.headers)


urlpatterns = [
    path("v1/<path:rest>", api),
    path("", include("wagtail_billing_portal.sandbox.urls")),
]
