from __future__ import annotations

import json
from decimal import Decimal

import pytest

from wagtail_billing_portal.sandbox import contract, routing
from wagtail_billing_portal.sandbox.contract.operations import PLACEHOLDER
from wagtail_billing_portal.sandbox.dispatch import handle
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.wire import decode_form


def read(method, path, form):
    return contract.read_params(
        decode_form(form), contract.contract_of(method, path).params
    )


def test_values_become_what_the_sdk_says_they_are():
    params = read(
        "POST",
        "/v1/prices",
        "currency=eur&product=prod_1&active=false&unit_amount_decimal=12.5"
        "&recurring[interval]=month&recurring[interval_count]=3&metadata[a]=1",
    )

    assert params == {
        "currency": "eur",
        "product": "prod_1",
        "active": False,
        "unit_amount_decimal": Decimal("12.5"),
        "recurring": {"interval": "month", "interval_count": 3},
        "metadata": {"a": "1"},
    }


def test_one_parameter_may_have_several_types():
    assert read("GET", "/v1/invoices", "created=5")["created"] == 5
    assert read("GET", "/v1/invoices", "created[gt]=5")["created"] == {"gt": 5}
    assert read("POST", "/v1/customers/{id}", "metadata=")["metadata"] == ""


@pytest.mark.parametrize(
    ("form", "param", "code"),
    [
        pytest.param(
            "customer=c&colour=red", "colour", "parameter_unknown", id="unknown"
        ),
        pytest.param(
            "customer=c&items[0][prise]=p",
            "items[0][prise]",
            "parameter_unknown",
            id="unknown inside",
        ),
        pytest.param(
            "items[0][price]=&items[0][price_data][currency]=eur",
            "items[0][price_data][product]",
            "parameter_missing",
            id="missing inside",
        ),
        pytest.param(
            "items[0][quantity]=two",
            "items[0][quantity]",
            "parameter_invalid_integer",
            id="not an integer",
        ),
        pytest.param(
            "cancel_at_period_end=maybe", "cancel_at_period_end", None, id="not a bool"
        ),
        pytest.param(
            "payment_behavior=hope", "payment_behavior", None, id="not a choice"
        ),
        pytest.param("items=none", "items", None, id="not a list"),
        pytest.param("items[a]=b", "items", None, id="not a list either"),
        pytest.param("trial_settings=1", "trial_settings", None, id="not an object"),
        pytest.param("description[a]=1", "description", None, id="not a text"),
        pytest.param(
            "days_until_due=",
            "days_until_due",
            "parameter_invalid_empty",
            id="cannot be unset",
        ),
    ],
)
def test_what_the_contract_does_not_allow_is_refused(form, param, code):
    with pytest.raises(InvalidRequest) as refused:
        read("POST", "/v1/subscriptions", form)

    assert (refused.value.param, refused.value.code) == (param, code)


@pytest.mark.django_db
def test_a_refusal_is_a_400_in_stripes_words():
    key = {"Authorization": "Bearer sk_test_sandbox_a"}

    answer = handle("POST", "/v1/products", key, "name=Gold&colour=red")

    assert answer.status == 400
    request = answer.headers["Request-Id"]
    assert json.loads(answer.body) == {
        "error": {
            "code": "parameter_unknown",
            "doc_url": "https://stripe.com/docs/error-codes/parameter-unknown",
            "message": "Received unknown parameter: colour",
            "param": "colour",
            "request_log_url": f"https://dashboard.stripe.com/test/logs/{request}",
            "type": "invalid_request_error",
        }
    }


@pytest.mark.django_db
def test_what_stripe_has_and_the_sandbox_has_not_is_refused_as_well():
    key = {"Authorization": "Bearer sk_test_sandbox_a"}

    answer = handle("GET", "/v1/subscriptions?customer_account=acct_1", key)

    assert answer.status == 400
    assert "does not support `customer_account` yet" in answer.body


def test_every_operation_of_the_sdk_can_be_read():
    for method, path in contract.known_operations():
        assert contract.contract_of(method, path).params.fields is not None


@pytest.mark.parametrize(
    "operation", routing.operations(), ids=lambda op: f"{op.method} {op.path}"
)
def test_every_operation_of_the_sandbox_is_one_of_stripes(operation):
    known = (operation.method, PLACEHOLDER.sub("{}", operation.path))
    assert known in contract.known_operations()

    accepted = contract.contract_of(operation.method, operation.path).params.fields

    assert operation.handles <= set(accepted)


def test_a_currency_may_be_written_in_capitals(api):
    options = {"eur": {"unit_amount": 900}}
    price = {"currency": "USD", "unit_amount": 1000, "currency_options": options}
    made = api.prices.create({**price, "product_data": {"name": "Gold"}})
    customer = api.customers.create().id

    bill = api.invoices.create({"customer": customer, "currency": "EUR"})

    assert (made.currency, bill.currency) == ("usd", "eur")
