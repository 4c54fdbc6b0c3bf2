"""A key that anybody can read opens what a browser needs, and nothing else."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
import stripe

from wagtail_billing_portal.sandbox.dispatch import handle

from .conftest import client_with

pytestmark = pytest.mark.django_db

PUBLISHABLE = "pk_test_sandbox_shop"
CARD = {
    "type": "card",
    "card[number]": "4242424242424242",
    "card[exp_month]": "12",
    "card[exp_year]": "2044",
    "card[cvc]": "123",
}


@pytest.fixture
def v1() -> stripe.V1Services:
    """The shop's server, with its secret key."""
    return client_with("sk_test_sandbox_shop").v1


@pytest.fixture
def customer(v1: stripe.V1Services) -> str:
    return v1.customers.create({"email": "ada@shop.example"}).id


@pytest.fixture
def intent(v1: stripe.V1Services, customer: str) -> stripe.PaymentIntent:
    return v1.payment_intents.create(
        {
            "amount": 1200,
            "currency": "eur",
            "customer": customer,
            "metadata": {"a": "b"},
        }
    )


def ask(
    method: str, path: str, key: str = PUBLISHABLE, language: str = "", **params: Any
) -> tuple[int, Any]:
    """What a browser asks, and what it hears."""
    headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}
    form = urlencode(params)
    url, body = (
        (f"/v1/{path}", form) if method == "POST" else (f"/v1/{path}?{form}", "")
    )
    answer = handle(method, url, headers, body)
    return answer.status, json.loads(answer.body)


def confirm(intent: Any, **params: Any) -> tuple[int, Any]:
    secret = {"client_secret": intent.client_secret}
    return ask("POST", f"payment_intents/{intent.id}/confirm", **{**secret, **params})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "customers"),
        ("GET", "customers/{customer}"),
        ("DELETE", "customers/{customer}"),
        ("GET", "customers/{customer}/payment_methods"),
        ("GET", "payment_intents"),
        ("POST", "payment_intents"),
        ("POST", "payment_intents/{intent}"),
        ("POST", "payment_intents/{intent}/cancel"),
        ("POST", "payment_intents/{intent}/capture"),
        ("POST", "setup_intents"),
        ("GET", "setup_attempts"),
        ("GET", "payment_methods"),
        ("GET", "events"),
        ("GET", "account"),
        ("POST", "customer_sessions"),
        ("GET", "confirmation_tokens/ctoken_1"),
        ("POST", "refunds"),
    ],
)
def test_everything_else_needs_a_secret_key(customer, intent, method, path):
    params = {"client_secret": intent.client_secret}

    status, body = ask(
        method, path.format(customer=customer, intent=intent.id), **params
    )

    assert status == 401
    assert body["error"]["code"] == "secret_key_required"


def test_an_intent_is_opened_by_its_secret(intent):
    path = f"payment_intents/{intent.id}"

    status, shown = ask("GET", path, client_secret=intent.client_secret)

    assert (status, shown["amount"]) == (200, 1200)
    assert not {"customer", "metadata", "latest_charge"} & shown.keys()


@pytest.mark.parametrize("secret", [None, "", "pi_1_secret_2"])
def test_without_its_secret_it_stays_closed(v1, intent, secret):
    params = {} if secret is None else {"client_secret": secret}
    path = f"payment_intents/{intent.id}"

    for method, way in (("GET", path), ("POST", f"{path}/confirm")):
        status, body = ask(method, way, **params)

        assert (status, body["error"]["param"]) == (400, "client_secret")
        assert intent.client_secret not in json.dumps(body)
    assert v1.payment_intents.retrieve(intent.id).status == "requires_payment_method"


def test_the_secret_of_one_intent_does_not_open_another(v1, intent):
    other = v1.payment_intents.create({"amount": 100, "currency": "eur"})

    status, body = confirm(intent, client_secret=other.client_secret)

    assert (status, body["error"]["param"]) == (400, "client_secret")


def test_another_accounts_key_does_not_even_find_it(intent):
    status, body = ask(
        "GET",
        f"payment_intents/{intent.id}",
        key="pk_test_sandbox_other",
        client_secret=intent.client_secret,
    )

    assert (status, body["error"]["code"]) == (404, "resource_missing")


def test_a_card_is_made_and_pays(v1, intent):
    status, method = ask("POST", "payment_methods", **CARD)
    assert (status, method["card"]["last4"]) == (200, "4242")
    assert "fingerprint" not in method["card"]

    status, paid = confirm(intent, payment_method=method["id"])

    assert (status, paid["status"]) == (200, "succeeded")
    assert v1.payment_intents.retrieve(intent.id).amount_received == 1200


@pytest.mark.parametrize(
    "params",
    [
        {"off_session": "true"},
        {"amount_to_confirm": "1"},
        {"capture_method": "manual"},
        {"error_on_requires_action": "true"},
        {"mandate": "mandate_1"},
        {"expand[]": "customer"},
        {"expand[0]": "latest_charge"},
    ],
)
def test_what_a_server_decides_a_browser_cannot(v1, intent, params):
    status, body = confirm(intent, payment_method="pm_card_visa", **params)

    assert (status, body["error"]["code"]) == (403, "secret_key_required")
    assert v1.payment_intents.retrieve(intent.id).status == "requires_payment_method"


def test_somebodys_saved_card_is_no_use_to_others(v1, customer, intent):
    owner = v1.customers.create({}).id
    theirs = v1.payment_methods.attach("pm_card_visa", {"customer": owner}).id

    status, body = confirm(intent, payment_method=theirs)
    assert (status, body["error"]["param"]) == (400, "payment_method")

    status, body = ask("POST", "confirmation_tokens", payment_method=theirs)
    assert (status, body["error"]["param"]) == (400, "payment_method")


def test_a_customers_cards_are_shown_to_who_has_their_session(v1, customer, intent):
    shown = v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    v1.payment_methods.update(shown, {"allow_redisplay": "always"})
    v1.payment_methods.attach("pm_card_mastercard", {"customer": customer})
    features = {"payment_method_redisplay": "enabled"}
    element = {"enabled": True, "features": features}
    session = v1.customer_sessions.create(
        {"customer": customer, "components": {"payment_element": element}}
    )
    wanted = {"type": "payment_intent", "client_secret": intent.client_secret}

    _, plain = ask("GET", "elements/sessions", **wanted)
    _, known = ask(
        "GET",
        "elements/sessions",
        customer_session_client_secret=session.client_secret,
        **wanted,
    )
    status, _ = ask(
        "GET", "elements/sessions", customer_session_client_secret="no", **wanted
    )

    assert plain["customer"] is None
    assert [one["id"] for one in known["customer"]["payment_methods"]] == [shown]
    assert status == 400


def test_a_refusal_is_told_in_the_payers_language(intent):
    declined = "pm_card_visa_chargeDeclined"

    status, body = confirm(intent, payment_method=declined, language="de-AT, en;q=0.5")

    assert status == 402
    assert body["error"]["message"] == "Ihre Karte wurde abgelehnt."
    assert "customer" not in body["error"]["payment_intent"]
    assert "fingerprint" not in body["error"]["payment_method"]["card"]


def test_a_key_may_come_as_a_parameter_as_from_a_form(intent):
    form = urlencode({"key": PUBLISHABLE, "client_secret": intent.client_secret})

    answer = handle("GET", f"/v1/payment_intents/{intent.id}?{form}", {})
    secret = handle("GET", "/v1/customers?key=sk_test_sandbox_shop", {})

    assert answer.status == 200
    assert secret.status == 401


@pytest.fixture
def at_the_site(client: Any) -> Any:
    """The API at the address of a site that has the sandbox inside."""

    def ask_there(key: str, path: str, **params: str) -> Any:
        headers = {"Authorization": f"Bearer {key}", "Origin": "https://any.example"}
        return client.get(f"/stripe-sandbox/v1/{path}", params, headers=headers)

    return ask_there


def test_at_a_sites_address_a_secret_key_opens_nothing(at_the_site, intent):
    path = f"payment_intents/{intent.id}"
    params = {"client_secret": intent.client_secret}

    opened = at_the_site(PUBLISHABLE, path, **params)

    assert opened.json()["id"] == intent.id
    assert opened.headers["Access-Control-Allow-Origin"] == "*"
    assert at_the_site("sk_test_sandbox_shop", path).status_code == 401
    assert at_the_site("sk_test_sandbox_shop", "customers").status_code == 401


def test_a_page_of_another_site_may_ask(client):
    asked = client.options("/stripe-sandbox/v1/payment_methods")

    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in asked.headers


def test_the_script_is_served_under_its_release_alone(client):
    script = client.get("/stripe-sandbox/endive/stripe.js")

    assert script.headers["Content-Type"].startswith("text/javascript")
    assert "window.Stripe = " in script.content.decode()
    assert client.get("/stripe-sandbox/v3/stripe.js").status_code == 404
    assert client.get("/stripe-sandbox/elements/..%2Fpages.css").status_code == 404
