from __future__ import annotations

import json

import pytest

from wagtail_billing_portal.sandbox import routing
from wagtail_billing_portal.sandbox.dispatch import handle

KEY = {"Authorization": "Bearer sk_test_sandbox_a"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("GET", "/v1/nonsense", id="nobody has it"),
        pytest.param("GET", "/v1/issuing/cards", id="only Stripe has it"),
        pytest.param("PUT", "/v1/products", id="wrong method"),
        pytest.param("GET", "/", id="not the API"),
    ],
)
def test_what_the_sandbox_does_not_do_is_an_unknown_url(method, path):
    answer = handle(method, path, KEY)

    assert answer.status == 404
    error = json.loads(answer.body)["error"]
    assert error["message"].startswith(f"Unrecognized request URL ({method}: {path}).")


def test_literal_segments_beat_placeholders():
    def operation(path):
        return routing.Operation("GET", path, dict, frozenset())

    paths = ["/v1/invoices/{invoice}", "/v1/invoices/upcoming", "/v1/{a}/{b}"]

    ordered = sorted(map(operation, paths), key=lambda one: one.vagueness)

    assert [one.path for one in ordered] == [
        "/v1/invoices/upcoming",
        "/v1/invoices/{invoice}",
        "/v1/{a}/{b}",
    ]


def test_ids_in_a_path_are_decoded():
    found = routing.match("GET", "/v1/products/gold%20plan")

    assert found is not None
    assert list(found[1].values()) == ["gold plan"]
