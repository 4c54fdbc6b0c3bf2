"""Stripe's calls: each kind of nonsense has its answer, and changes nothing."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from django.test import Client
from stripe import WebhookSignature

from wagtail_billing_portal.models import Customer, EventStatus, StripeEvent
from wagtail_billing_portal.testing import StripeSide

URL = "/billing/webhooks/default/"


@pytest.fixture
def event(stripe_side: StripeSide) -> dict[str, Any]:
    stripe_side.client.v1.customers.create({"email": "ada@example.com"})
    return stripe_side.events("customer.created")[0]


def post(body: str, header: str, url: str = URL) -> int:
    return (
        Client()
        .post(
            url,
            body,
            content_type="application/json",
            headers={"Stripe-Signature": header},
        )
        .status_code
    )


def signed(body: str, *, secret: str = "whsec_sandbox_default", at: int = 0) -> str:
    return WebhookSignature.generate_signature_header(
        body, secret, timestamp=at or int(time.time())
    )


def test_a_signed_event_is_stored_and_applied(stripe_side, event):
    assert stripe_side.deliver(event) == 200

    assert StripeEvent.objects.get().status == EventStatus.PROCESSED
    assert Customer.objects.get().email == "ada@example.com"


def test_a_second_secret_is_good_too(settings, stripe_side, event):
    account = settings.WAGTAIL_BILLING_PORTAL["ACCOUNTS"]["default"]
    account = {**account, "WEBHOOK_SECRETS": ["whsec_new", *account["WEBHOOK_SECRETS"]]}
    settings.WAGTAIL_BILLING_PORTAL = {
        **settings.WAGTAIL_BILLING_PORTAL,
        "ACCOUNTS": {"default": account},
    }

    assert stripe_side.deliver(event, secret="whsec_new") == 200
    assert stripe_side.deliver(event) == 200


def test_an_event_delivered_twice_is_stored_once(stripe_side, event):
    stripe_side.deliver(event)
    stripe_side.deliver(event)

    assert StripeEvent.objects.count() == 1


def test_an_unknown_account_is_not_found(db):
    assert post("{}", signed("{}"), "/billing/webhooks/nowhere/") == 404


def test_a_body_that_is_too_large_is_not_even_read(db, settings):
    settings.WAGTAIL_BILLING_PORTAL = {
        **settings.WAGTAIL_BILLING_PORTAL,
        "WEBHOOK_MAX_BYTES": 10,
    }

    assert post("{}" + " " * 10, signed("{}")) == 413


def test_an_event_of_another_api_version_has_the_object_fetched(stripe_side, event):
    old = {**event, "api_version": "2024-06-20"}
    old["data"] = {"object": {**event["data"]["object"], "email": "old@example.com"}}

    stripe_side.post(json.dumps(old))

    customer = Customer.objects.get()
    assert customer.email == "ada@example.com"
    assert not customer.needs_refresh
