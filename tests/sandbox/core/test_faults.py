"""What a client makes of a Stripe that fails: nothing is done twice."""

from __future__ import annotations

import json
import time

import pytest
import stripe

from wagtail_billing_portal.sandbox import control, faults
from wagtail_billing_portal.sandbox.dispatch import handle
from wagtail_billing_portal.sandbox.faults import ConnectionLost, Failure, Faults
from wagtail_billing_portal.sandbox.signals import answer_held_up
from wagtail_billing_portal.sandbox.transport import SandboxTransport

from .conftest import KEY

AUTH = {"Authorization": f"Bearer {KEY}"}
JSON = "application/json"


class Hasty(SandboxTransport):
    """Tries again at once."""

    def _sleep_time_seconds(self, num_retries, response=None):
        return 0


@pytest.fixture
def client(db):
    return stripe.StripeClient(KEY, http_client=Hasty(), max_network_retries=2).v1


@pytest.fixture
def bill(client):
    """A bill of a customer who has a card, ready to be paid."""
    customer = client.customers.create({"email": "ada@example.com"}).id
    client.payment_methods.attach("pm_card_visa", {"customer": customer})

    def pay(key: str = "pay-once") -> stripe.PaymentIntent:
        order = {
            "amount": 500,
            "currency": "eur",
            "customer": customer,
            "payment_method": "pm_card_visa",
            "confirm": True,
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        }
        return client.payment_intents.create(order, {"idempotency_key": key})

    return pay


def turn(method, name="faults", body=None, content_type=JSON):
    answer = control.turn(method, name, content_type, json.dumps(body or {}).encode())
    return answer.status, json.loads(answer.body)


@pytest.mark.parametrize(
    "kind",
    ["error_before_write", "reset_before_write", "timeout_after_write"],
)
def test_the_clients_own_second_try_gets_the_first_answer(client, bill, kind):
    faults.inject(kind, path="/v1/payment_intents")

    intent = bill()

    assert intent.status == "succeeded"
    assert [it.id for it in client.payment_intents.list().data] == [intent.id]
    assert len(client.charges.list().data) == 1
    assert faults.current() == faults.NONE


def test_a_late_answer_is_as_old_as_its_reading(client):
    customer = client.customers.create({"name": "Before"}).id
    path = f"/v1/customers/{customer}"
    faults.inject("late_after_write", method="GET", path=path)

    def rename(method: str, path: str, **about: object) -> None:
        client.customers.update(customer, {"name": "After"})

    answer_held_up.connect(rename)
    late = client.customers.retrieve(customer)
    answer_held_up.disconnect(rename)

    assert late.name == "Before"
    assert client.customers.retrieve(customer).name == "After"


def test_a_failure_after_the_write_is_the_keys_answer_for_good(client, bill):
    faults.inject("error_after_write", path="/v1/payment_intents")

    for _ in range(2):
        with pytest.raises(stripe.APIError) as failed:
            bill()
        assert failed.value.http_status == 500

    assert len(client.charges.list().data) == 1
    assert failed.value.headers["Idempotent-Replayed"] == "true"
    assert bill("another-key").status == "succeeded"


def test_a_failure_that_outlasts_the_client_leaves_the_outcome_to_be_asked_for(
    client, bill
):
    faults.inject("timeout_after_write", path="/v1/payment_*", times=3)

    with pytest.raises(stripe.APIConnectionError):
        bill()

    assert bill().status == "succeeded"
    assert len(client.charges.list().data) == 1


def test_a_failure_before_the_write_has_done_nothing(client, bill):
    faults.inject("error_before_write", path="/v1/payment_intents", times=3)

    with pytest.raises(stripe.APIError):
        bill()

    assert client.payment_intents.list().data == []


def test_a_refusal_hidden_by_a_failure_may_be_tried_again(client):
    keyed = {**AUTH, "Idempotency-Key": "once"}
    faults.inject("error_after_write")

    statuses = [
        handle("POST", "/v1/prices", keyed, "currency=eur&product=gold").status
        for _ in range(2)
    ]

    assert statuses == [500, 400]


def test_failures_come_to_those_they_are_for_one_after_the_other(client):
    faults.inject("error_before_write", method="GET", path="/v1/products/*")
    faults.inject("reset_before_write", method="*", path="/v1/products")

    assert handle("GET", "/v1/customers", AUTH).status == 200
    with pytest.raises(ConnectionLost):
        handle("GET", "/v1/products", AUTH)
    assert handle("GET", "/v1/products/gold", AUTH).status == 500
    assert handle("GET", "/v1/products/gold", AUTH).status == 404


def test_too_many_requests_in_a_second_are_told_so(client, monkeypatch):
    monkeypatch.setattr("wagtail_billing_portal.sandbox.clock.wall", lambda: 2_000)
    faults.switch(Faults(rate_limit=2))

    statuses = [handle("GET", "/v1/products", AUTH).status for _ in range(3)]
    with pytest.raises(stripe.RateLimitError) as limited:
        client.products.list()
    monkeypatch.setattr("wagtail_billing_portal.sandbox.clock.wall", lambda: 2_001)

    assert statuses == [200, 200, 429]
    assert limited.value.error.code == "rate_limit"
    assert "Stripe-Should-Retry" not in limited.value.headers
    assert handle("GET", "/v1/products", AUTH).status == 200


def test_the_next_requests_take_their_time(db):
    faults.switch(Faults(latency=20, latency_times=1))

    times = []
    for _ in range(2):
        began = time.perf_counter()
        handle("GET", "/v1/nonsense", AUTH)
        times.append(time.perf_counter() - began)

    assert times[0] >= 0.02
    assert faults.current() == faults.NONE


def test_what_went_wrong_before_goes_wrong_again_after_the_block(db):
    before = faults.switch(Faults(rate_limit=100))

    with faults.during(Faults(latency=1)):
        assert faults.current() == Faults(latency=1)

    assert faults.current() == before


def test_switches_are_turned_from_outside(db):
    failure = {"kind": "timeout_after_write", "path": "/v1/*", "silence": 5}

    assert turn("POST", body={"latency": 5, "failures": [failure]})[0] == 200

    assert faults.current() == Faults(
        latency=5, failures=(Failure("timeout_after_write", path="/v1/*", silence=5),)
    )
    assert turn("GET", "")[1]["faults"]["latency"] == 5
    assert turn("POST", "delivery", {"shuffle": True})[1]["shuffle"] is True
    assert turn("DELETE")[1]["latency"] == 0
    assert turn("DELETE", "delivery")[1]["shuffle"] is False
    assert faults.current() == faults.NONE


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        pytest.param("faults", {"latency": -1}, 400, id="negative"),
        pytest.param("faults", {"latency": True}, 400, id="not a number"),
        pytest.param("faults", {"sleep": 1}, 400, id="no such switch"),
        pytest.param("faults", {"failures": 5}, 400, id="not a list"),
        pytest.param("faults", {"failures": [{}]}, 400, id="of no kind"),
        pytest.param("faults", {"failures": [{"kind": "rain"}]}, 400, id="odd kind"),
        pytest.param("weather", {}, 404, id="no such panel"),
    ],
)
def test_a_switch_that_is_not_there_is_refused(db, name, body, status):
    assert turn("POST", name, body)[0] == status
    assert faults.current() == faults.NONE


def test_a_page_of_another_site_cannot_turn_a_switch(db):
    assert turn("POST", body={"latency": 5}, content_type="text/plain")[0] == 400
