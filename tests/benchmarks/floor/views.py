"""
The floor: verify, parse, write the event, write the object, commit, answer.

It is fair in that it is what a careful developer writes in ten minutes: Stripe's own
verification, Django's ORM, JSON columns, one transaction. It shares the worker, the
middleware and the database with the portal's webhook, but has tables of its own with
a primary key and nothing else to keep up to date, and looks at nothing: no account,
no mode, no order of events, no references, no columns, nobody to tell.
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from stripe import SignatureVerificationError, WebhookSignature

from .models import FloorEvent, FloorObject

[SECRET] = settings.WAGTAIL_BILLING_PORTAL["ACCOUNTS"]["default"]["WEBHOOK_SECRETS"]


@csrf_exempt
@require_POST
def floor(request: HttpRequest) -> HttpResponse:
    """Take one event: two statements in one commit."""
    signature = request.headers.get("Stripe-Signature", "")
    try:
        WebhookSignature.verify_header(request.body.decode(), signature, SECRET, 300)
    except SignatureVerificationError:
        return HttpResponse(status=400)
    event = json.loads(request.body)
    with transaction.atomic():
        FloorEvent.objects.bulk_create([_event(event)], ignore_conflicts=True)
        FloorObject.objects.bulk_create(
            [_object(event)],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["kind", "as_of", "data"],
        )
    return HttpResponse("Received.", content_type="text/plain")


def _event(event: dict[str, Any]) -> FloorEvent:
    return FloorEvent(
        id=event["id"], type=event["type"], created=event["created"], payload=event
    )


def _object(event: dict[str, Any]) -> FloorObject:
    data = event["data"]["object"]
    # A summary of entitlements has no id.
    return FloorObject(
        id=data.get("id") or data["customer"],
        kind=data["object"],
        as_of=event["created"],
        data=data,
    )
