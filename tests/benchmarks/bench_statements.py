"""What one event asks of the database and of Stripe, at once and in bulk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from stripe import WebhookSignature

from wagtail_billing_portal.gateway import account_by_alias
from wagtail_billing_portal.mirror import inbox, refresh
from wagtail_billing_portal.views.webhooks import stripe_webhook

from .counting import CountingClient, counted, talking_to
from .figures import Figure, figure
from .stream import a_live_stream

EVENTS = 600
#: So many wait before a worker comes.
WAITING = 100


def bench_one_by_one() -> Iterator[Figure]:
    """Each event arrives before the next thing happens, and is applied at once."""
    till_answered = altogether = calls_before = number = 0
    with a_world() as acts:
        for body in (body for act in acts for body in act):
            known = len(CountingClient.asked)
            with counted() as count:
                answer = _answer_to(body)
                till_answered += count.number
                calls_before += len(CountingClient.asked) - known
                answer.close()
                altogether += count.number
            number += 1
    calls = len(CountingClient.asked) / number
    yield _figure("statements_inline", till_answered / number, limit=6)
    yield _figure("statements_inline_and_after", altogether / number)
    yield _figure("stripe_calls_inline", calls, limit=0.05)
    yield _figure("stripe_calls_before_the_answer", calls_before / number, limit=0)


def bench_in_bulk() -> Iterator[Figure]:
    """Events are stored as they come, and a worker applies a hundred at a time."""
    account = account_by_alias("default")
    storing = draining = altogether = number = waiting = 0
    with a_world() as acts:
        for act in acts:
            with counted() as count:
                for body in act:
                    inbox.store(account, json.loads(body))
            storing += count.number
            number += len(act)
            waiting += len(act)
            if waiting >= WAITING:
                with counted() as count:
                    waiting -= inbox.drain(limit=WAITING).processed
                    draining += count.number
                    refresh.refresh_due()
                    altogether += count.number
    applied = number - waiting
    calls = len(CountingClient.asked) / applied
    yield _figure("statements_to_store", storing / number)
    yield _figure("statements_in_bulk", draining / applied, limit=2)
    yield _figure("statements_in_bulk_and_after", altogether / applied)
    yield _figure("stripe_calls_in_bulk", calls, limit=0.05)


@contextmanager
def a_world() -> Iterator[Iterator[list[str]]]:
    """What happens at a sandbox, act by act, to a mirror that fetches there."""
    CountingClient.asked.clear()
    with a_live_stream(EVENTS) as (stripe, acts), talking_to(stripe):
        yield acts


def _answer_to(body: str) -> HttpResponse:
    [secret] = account_by_alias("default").webhook_secrets
    signature = WebhookSignature.generate_signature_header(body, secret)
    request = RequestFactory().post(
        reverse("wagtail_billing_portal:webhook", args=["default"]),
        body,
        content_type="application/json",
        headers={"Stripe-Signature": signature},
    )
    return stripe_webhook(request, "default")


def _figure(name: str, value: float, limit: float | None = None) -> Figure:
    name = f"{connection.vendor}_{name}"
    return figure(name, value, "1/event", limit=limit, digits=4)
