"""Errors as they stand on the wire: status, type, code, param and decline code."""

from __future__ import annotations

import json

import pytest

from wagtail_billing_portal.sandbox.dispatch import handle

from .conftest import KEY

HEADERS = {"Authorization": f"Bearer {KEY}"}
INVALID = "invalid_request_error"


@pytest.mark.parametrize(
    ("request_", "form", "status", "code", "param"),
    [
        pytest.param(
            "GET /v1/customers/cus_x", "", 404, "resource_missing", "id", id="its id"
        ),
        pytest.param(
            "POST /v1/invoices",
            "customer=cus_x",
            400,
            "resource_missing",
            "customer",
            id="an id among the parameters",
        ),
        pytest.param("GET /v1/unicorns", "", 404, None, None, id="no such address"),
        pytest.param(
            "POST /v1/products",
            "name=Gold&color=gold",
            400,
            "parameter_unknown",
            "color",
            id="a parameter that does not exist",
        ),
        pytest.param(
            "POST /v1/products",
            "",
            400,
            "parameter_missing",
            "name",
            id="a parameter that is missing",
        ),
        pytest.param(
            "POST /v1/prices",
            "currency=eur&unit_amount=ten&product=x",
            400,
            "parameter_invalid_integer",
            "unit_amount",
            id="no number",
        ),
        pytest.param(
            "POST /v1/products",
            "name=",
            400,
            "parameter_invalid_empty",
            "name",
            id="nothing where something has to be",
        ),
    ],
)
def test_a_refusal_says_what_is_wrong_and_where(
    db, request_, form, status, code, param
):
    method, path = request_.split()

    answer = handle(method, path, HEADERS, form)

    error = json.loads(answer.body)["error"]
    assert (answer.status, error["type"]) == (status, INVALID)
    assert (error.get("code"), error.get("param")) == (code, param)
    assert error["message"]
    assert error["request_log_url"].endswith(answer.headers["Request-Id"])


def test_a_declined_card_says_why(db):
    form = "&".join(
        [
            "amount=500",
            "currency=eur",
            "confirm=true",
            "payment_method=pm_card_chargeDeclinedInsufficientFunds",
            "return_url=https%3A%2F%2Fshop.test%2F",
        ]
    )

    answer = handle("POST", "/v1/payment_intents", HEADERS, form)

    error = json.loads(answer.body)["error"]
    assert (answer.status, error["type"]) == (402, "card_error")
    assert error["code"] == "card_declined"
    assert error["decline_code"] == "insufficient_funds"
    assert error["message"] == "Your card has insufficient funds."
    assert error["payment_intent"]["status"] == "requires_payment_method"


def test_numbers_and_truths_are_texts_on_the_wire(db):
    product = handle("POST", "/v1/products", HEADERS, "name=Gold&active=true").body
    form = "&".join(
        [
            "product=" + json.loads(product)["id"],
            "currency=eur",
            "unit_amount=1500",
            "recurring%5Binterval%5D=month",
            "recurring[interval_count]=3",
        ]
    )

    price = json.loads(handle("POST", "/v1/prices", HEADERS, form).body)

    assert price["unit_amount"] == 1500
    assert price["recurring"]["interval"] == "month"
    assert price["recurring"]["interval_count"] == 3
