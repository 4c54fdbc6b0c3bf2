from __future__ import annotations

import pytest
import stripe

from wagtail_billing_portal.sandbox import clock, idempotency
from wagtail_billing_portal.sandbox.dispatch import handle
from wagtail_billing_portal.sandbox.request import Request

KEYED = {"Authorization": "Bearer sk_test_sandbox_core", "Idempotency-Key": "once"}


def test_the_same_request_gets_the_same_answer_byte_for_byte(api):
    first = handle("POST", "/v1/products", KEYED, "name=Gold&metadata[a]=1")

    again = handle("POST", "/v1/products", KEYED, "metadata[a]=1&name=Gold")

    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Original-Request"] == first.headers["Request-Id"]
    assert len(api.products.list().data) == 1


def test_a_key_is_for_one_request_only(api):
    api.products.create({"name": "Gold"}, {"idempotency_key": "once"})

    with pytest.raises(stripe.IdempotencyError):
        api.products.create({"name": "Silver"}, {"idempotency_key": "once"})


def test_a_decline_is_replayed(api):
    customer = api.customers.create()
    form = f"customer={customer.id}"
    path = "/v1/payment_methods/pm_card_chargeDeclined/attach"

    first, again = (handle("POST", path, KEYED, form) for _ in range(2))

    assert first.status == again.status == 402
    assert first.body == again.body
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_refused_request_may_be_tried_again_with_its_key(api):
    with pytest.raises(stripe.InvalidRequestError):
        api.prices.create(
            {"currency": "eur", "unit_amount": 5, "product": "gold"},
            {"idempotency_key": "once"},
        )
    api.products.create({"id": "gold", "name": "Gold"})

    price = api.prices.create(
        {"currency": "eur", "unit_amount": 5, "product": "gold"},
        {"idempotency_key": "once"},
    )

    assert price.product == "gold"


def test_a_second_request_while_the_first_is_worked_on_is_a_conflict(api):
    first = Request.read("POST", "/v1/products", KEYED, "name=Gold")

    with idempotency.in_flight(first):
        answer = handle("POST", "/v1/products", KEYED, "name=Gold")

    assert answer.status == 409
    assert "idempotency_key_in_use" in answer.body
    assert handle("POST", "/v1/products", KEYED, "name=Gold").status == 200


def test_a_key_lasts_for_a_day_of_real_time(api, world, monkeypatch):
    first = api.products.create({"name": "Gold"}, {"idempotency_key": "once"})
    tomorrow = clock.wall() + idempotency.LIFETIME + 1

    monkeypatch.setattr(clock, "wall", lambda: tomorrow)
    again = api.products.create({"name": "Gold"}, {"idempotency_key": "once"})

    assert again.id != first.id


def test_other_methods_have_no_use_for_a_key(api):
    api.products.create({"name": "Gold"})

    answers = [handle("GET", "/v1/products", KEYED) for _ in range(2)]

    assert all("Idempotent-Replayed" not in answer.headers for answer in answers)
