"""The sandbox on its own: Stripe's API and the sandbox's pages at one origin."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.defaults import server_error

from . import control
from .answer import Answer
from .api import API, api, response
from .errors import SandboxError


@csrf_exempt
def switches(request: HttpRequest, name: str = "") -> HttpResponse:
    """The control address, which a site's own URLs do not have."""
    method, content_type = request.method or "GET", request.content_type or ""
    return response(control.turn(method, name, content_type, request.body))


def handler500(request: HttpRequest) -> HttpResponse:
    """A mistake of the sandbox's own, in the form that a client understands."""
    if not request.path.startswith(API):
        return server_error(request)
    error = SandboxError("The sandbox failed; its log says why.", status=500)
    error.type = "api_error"
    return response(Answer.refusing(error))


urlpatterns = [
    path("v1/<path:rest>", api),
    path("v2/<path:rest>", api),
    path("_sandbox/", switches),
    path("_sandbox/<str:name>", switches),
    path("", include("wagtail_billing_portal.sandbox.urls")),
]
