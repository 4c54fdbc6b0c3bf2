"""A site that listens: its endpoint keeps what it gets, and fails when told to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

received: list[tuple[bytes, str]] = []


@csrf_exempt
def listen(request: HttpRequest) -> HttpResponse:
    received.append((request.body, request.headers["Stripe-Signature"]))
    translation.activate("de")
    return HttpResponse(status=int(request.GET.get("answer", 200)))


urlpatterns = [path("hooks/", listen)]
