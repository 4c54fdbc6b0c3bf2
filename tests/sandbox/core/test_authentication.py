from __future__ import annotations

import base64
import json

import pytest

from wagtail_billing_portal.sandbox.dispatch import handle

from .conftest import client_with

pytestmark = pytest.mark.django_db


def status_with(**headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return handle("GET", "/v1/products", named).status


def test_a_key_is_taken_as_a_bearer_or_as_a_user_name():
    basic = base64.b64encode(b"sk_test_sandbox_a:").decode()

    assert status_with(Authorization="Bearer sk_test_sandbox_a") == 200
    assert status_with(Authorization=f"Basic {basic}") == 200


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param("", id="nothing"),
        pytest.param("Bearer ", id="empty"),
        pytest.param("Basic %%%", id="not base64"),
        pytest.param("Bearer sk_test_51abc", id="a real test key"),
        pytest.param("Bearer sk_live_51abc", id="a live key"),
        pytest.param("Bearer pk_test_sandbox_a", id="a publishable key"),
    ],
)
def test_no_other_key_is_let_in(authorization):
    answer = handle("GET", "/v1/products", {"Authorization": authorization})

    assert answer.status == 401
    assert json.loads(answer.body)["error"]["type"] == "invalid_request_error"
    assert "51abc" not in answer.body


def test_two_keys_are_two_accounts():
    one = client_with("sk_test_sandbox_a").v1
    other = client_with("sk_test_sandbox_b").v1
    product = one.products.create({"name": "Gold"})

    assert other.products.list().data == []
    assert [found.id for found in one.products.list().data] == [product.id]


def test_a_restricted_key_opens_the_same_account():
    product = client_with("sk_test_sandbox_a").v1.products.create({"name": "Gold"})

    found = client_with("rk_test_sandbox_a").v1.products.retrieve(product.id)

    assert found.name == "Gold"


def test_what_is_no_version_and_foreign_accounts_are_refused():
    key = {"Authorization": "Bearer sk_test_sandbox_a"}

    assert status_with(**key, Stripe_Version="2020-08-27") == 200
    assert status_with(**key, Stripe_Version="newest") == 400
    assert status_with(**key, Stripe_Account="acct_other") == 403
