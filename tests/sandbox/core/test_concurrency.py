from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from wagtail_billing_portal.sandbox.dispatch import handle

pytestmark = pytest.mark.django_db(transaction=True)

KEY = {"Authorization": "Bearer sk_test_sandbox_threads"}


def create(headers):
    try:
        return handle("POST", "/v1/customers", headers, "email=a@example.org")
    finally:
        connections.close_all()


def all_at_once(headers, *, times=6):
    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(create, [headers] * times))


def customers():
    listed = json.loads(handle("GET", "/v1/customers", KEY).body)
    return {customer["id"] for customer in listed["data"]}


def test_requests_at_the_same_moment_wait_for_each_other():
    answers = all_at_once(KEY)

    assert {answer.status for answer in answers} == {200}
    assert customers() == {json.loads(answer.body)["id"] for answer in answers}
    assert len(customers()) == 6


def test_one_key_makes_one_object_however_many_ask_at_once():
    answers = all_at_once({**KEY, "Idempotency-Key": "two-tabs"})

    assert {answer.status for answer in answers} <= {200, 409}
    assert len({answer.body for answer in answers if answer.status == 200}) == 1
    assert len(customers()) == 1
