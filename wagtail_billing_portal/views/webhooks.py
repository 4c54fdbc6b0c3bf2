"""Stripe calls here. Verify, write down, answer; what needs Stripe comes after."""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ..conf import conf
from ..exceptions import WebhookRefused
from ..gateway import StripeAccount, account_by_alias, read_signed
from ..mirror import inbox
from ..tasks import drain_inbox, drain_soon, runs_at_once

logger = logging.getLogger("wagtail_billing_portal.inbox")

#: Seconds in which one look for what waits from before is enough.
LOOK_EVERY = 1.0


@csrf_exempt
@require_POST
@transaction.non_atomic_requests
def stripe_webhook(request: HttpRequest, alias: str) -> HttpResponse:
    """Take one event of the Stripe account called ``alias``."""
    if alias not in conf.ACCOUNTS:
        return _refusal(alias, "There is no such account here.", 404)
    account = account_by_alias(alias)
    try:
        body = _body_of(request)
        event = read_signed(account, body, request.headers.get("Stripe-Signature", ""))
    except WebhookRefused as refusal:
        return _refusal(alias, str(refusal), refusal.status)
    is_undecided = _receive(account, event)
    answer = HttpResponse("Received.", content_type="text/plain")
    # Stripe has the answer when this begins: the server calls it, closing the response.
    work_on = partial(_work_on, is_undecided)
    answer._resource_closers.append(work_on)  # type: ignore[attr-defined]
    return answer


def _receive(account: StripeAccount, event: dict[str, Any]) -> bool:
    """Have an event applied, at once or by a worker; whether it leaves a question."""
    if runs_at_once():
        return inbox.store_and_apply(account, event).is_undecided
    inbox.store(account, event)
    try:
        # Also for one that came before: whoever stored it may have died then.
        drain_soon()
    except Exception:
        # Stripe need not bring again what is kept; another drain finds it.
        logger.exception("The queue is out of reach; %s waits.", event["id"])
    return False


def _work_on(is_undecided: bool) -> None:
    """Fetch what an event left open, and look for what waits from before."""
    if runs_at_once() and (is_undecided or _time_to_look()):
        drain_inbox.enqueue()


def _time_to_look() -> bool:
    """Whether nobody in this process looked for a while for what waits."""
    global _looked_at
    now = time.monotonic()
    if now - _looked_at < LOOK_EVERY:
        return False
    _looked_at = now
    return True


_looked_at = 0.0


def _body_of(request: HttpRequest) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or "0"
    too_large = WebhookRefused("The body is too large.", status=413)
    if not length.isdigit() or int(length) > conf.WEBHOOK_MAX_BYTES:
        raise too_large
    try:
        return request.body
    except RequestDataTooBig as error:
        raise too_large from error


def _refusal(alias: str, sentence: str, status: int) -> HttpResponse:
    """Say why, to the sender and to whoever reads the log: never what was sent."""
    logger.warning("A call to the webhook of %r is refused: %s", alias, sentence)
    return HttpResponse(sentence, status=status, content_type="text/plain")
