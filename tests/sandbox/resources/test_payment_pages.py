"""Stripe's command line completes sessions through addresses of its own."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.resources.conftest import KEY
from wagtail_billing_portal.sandbox.transport import SandboxTransport


@pytest.fixture
def send(db):
    client = stripe.StripeClient(KEY, http_client=SandboxTransport())

    def raw(method: str, path: str, **params: Any) -> dict[str, Any]:
        answer = client.raw_request(method, f"/v1/{path}", **params)
        return client.deserialize(answer, api_mode="V1").to_dict()

    return raw


@pytest.fixture
def session(shop):
    price = shop.price(1500, recurring=None)
    return shop.session(mode="payment", line_items=[{"price": price, "quantity": 2}])


def card(send, token: str = "tok_visa") -> str:
    details = {"email": "stripe@example.com"}
    made = send(
        "post",
        "payment_methods",
        type="card",
        card={"token": token},
        billing_details=details,
    )
    return str(made["id"])


def test_a_session_is_completed_without_a_browser(api, shop, send, session):
    page = send("get", f"payment_pages/{session.id}")

    confirmed = send(
        "post",
        f"payment_pages/{page['id']}/confirm",
        payment_method=card(send),
        expected_amount=page["line_item_group"]["due"],
    )

    assert (confirmed["status"], confirmed["payment_status"]) == ("complete", "paid")
    done = api.checkout.sessions.retrieve(session.id)
    assert done.customer_details.email == "stripe@example.com"
    assert shop.events()[-1] == "checkout.session.completed"


def test_the_sessions_own_id_will_do(api, send, session):
    send("post", f"payment_pages/{session.id}/confirm", payment_method=card(send))

    assert api.checkout.sessions.retrieve(session.id).status == "complete"


def test_another_sum_than_expected_is_refused(api, send, session):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        send(
            "post",
            f"payment_pages/{session.id}/confirm",
            payment_method=card(send),
            expected_amount=1,
        )

    assert refused.value.code == "checkout_amount_mismatch"
    assert api.checkout.sessions.retrieve(session.id).status == "open"


def test_a_refused_card_is_an_error_and_the_session_stays_open(api, send, session):
    method = card(send, "tok_visa_chargeDeclined")

    with pytest.raises(stripe.CardError):
        send("post", f"payment_pages/{session.id}/confirm", payment_method=method)

    assert api.checkout.sessions.retrieve(session.id).status == "open"


def test_what_is_not_there_cannot_be_confirmed(send, session):
    with pytest.raises(stripe.InvalidRequestError, match="No such payment_page"):
        send("get", "payment_pages/ppage_none")
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter"):
        send("get", f"payment_pages/{session.id}", amount="1")
