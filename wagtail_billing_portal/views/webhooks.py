"""Stripe calls here. Verify, write down, answer; the work comes after."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ..conf import conf
from ..exceptions import WebhookRefused
from ..gateway import account_by_alias, read_signed
from ..mirror import inbox
from ..tasks import drain_inbox


@csrf_exempt
@require_POST
@transaction.non_atomic_requests
def stripe_webhook(request: HttpRequest, alias: str) -> HttpResponse:
    """Take one event of the Stripe account called ``alias``."""
    if alias not in conf.ACCOUNTS:
        return _answer("There is no such account here.", 404)
    account = account_by_alias(alias)
    try:
        body = _body_of(request)
        event = read_signed(account, body, request.headers.get("Stripe-Signature", ""))
    except WebhookRefused as refusal:
        return _answer(str(refusal), refusal.status)
    with transaction.atomic():
        if inbox.store(account, event):
            transaction.on_commit(drain_inbox.enqueue)
    return _answer("Received.", 200)


def _body_of(request: HttpRequest) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or "0"
    too_large = WebhookRefused("The body is too large.", status=413)
    if not length.isdigit() or int(length) > conf.WEBHOOK_MAX_BYTES:
        raise too_large
    try:
        return request.body
    except RequestDataTooBig as error:
        raise too_large from error


def _answer(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain")
