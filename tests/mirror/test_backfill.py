"""A backfill may be stopped anywhere, and Stripe may ask it to wait."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from wagtail_billing_portal.exceptions import StripeUnavailable
from wagtail_billing_portal.mirror.backfill import AT_ONCE, PATIENCE, backfill
from wagtail_billing_portal.models import BackfillProgress, Customer, PaymentMethod
from wagtail_billing_portal.sandbox import faults
from wagtail_billing_portal.sandbox.routing import Operation
from wagtail_billing_portal.sandbox.signals import request_answered

pytestmark = pytest.mark.django_db

PAGE = 100


@pytest.fixture
def waited(monkeypatch) -> list[float]:
    """How long the backfill waited, on a clock that goes on by waiting alone."""
    waited: list[float] = []
    clock = SimpleNamespace(sleep=waited.append, monotonic=lambda: sum(waited))
    monkeypatch.setattr("wagtail_billing_portal.mirror.backfill.time", clock)
    return waited


@pytest.fixture
def requests() -> Iterator[list[str]]:
    """The addresses that Stripe was asked for."""
    asked: list[str] = []

    def remember(sender: object, operation: Operation, **kwargs: object) -> None:
        asked.append(operation.path)

    request_answered.connect(remember)
    yield asked
    request_answered.disconnect(remember)


def many_customers(stripe_side, number: int) -> None:
    for n in range(number):
        stripe_side.client.v1.customers.create({"name": f"Customer {n}"})


def test_a_stopped_backfill_goes_on_where_it_was(stripe_side):
    stripe_side.stop_clock()
    many_customers(stripe_side, PAGE + 20)
    stripe_side.advance(seconds=5)
    walk = backfill("default", only=["customer"])
    for _number in range(PAGE):
        next(walk)
    walk.close()

    rest = list(backfill("default", only=["customer"]))

    assert len(rest) == 20
    assert Customer.objects.count() == PAGE + 20
    assert not BackfillProgress.objects.exists()


def test_a_resumed_backfill_finds_what_was_created_meanwhile(stripe_side):
    many_customers(stripe_side, PAGE + 1)
    walk = backfill("default", only=["customer"])
    next(walk)
    walk.close()
    stripe_side.client.v1.customers.create({"name": "Late"})

    list(backfill("default", only=["customer"]))

    assert Customer.objects.filter(name="Late").exists()


def test_a_backfill_can_begin_anew(stripe_side):
    many_customers(stripe_side, PAGE + 1)
    next(backfill("default", only=["customer"]))

    walked = list(backfill("default", only=["customer"], restart=True))

    assert len(walked) == PAGE + 1


def test_it_waits_when_stripe_is_out_of_reach(stripe_side, waited):
    many_customers(stripe_side, 1)
    faults.inject("error_before_write", path="/v1/customers", method="GET", times=6)

    list(backfill("default", only=["customer"], rate=1_000))

    assert Customer.objects.count() == 1
    assert {1, 2} <= set(waited)


def test_it_gives_up_in_the_end_and_loses_nothing(stripe_side, waited):
    many_customers(stripe_side, 1)
    faults.inject("error_before_write", path="/v1/customers", method="GET", times=99)

    with pytest.raises(StripeUnavailable):
        list(backfill("default", only=["customer"]))

    assert waited.count(PATIENCE[-1]) == 1


def test_it_asks_no_more_often_than_it_may(stripe_side, waited):
    many_customers(stripe_side, PAGE * 2 + 1)

    list(backfill("default", only=["customer"], rate=2))

    assert waited == [0.5 - AT_ONCE, 0.5]


def test_a_page_is_one_request(stripe_side, requests):
    for n in range(30):
        stripe_side.a_customer(email=f"{n}@x.test")
    requests.clear()

    list(backfill("default", only=["customer", "payment_method"]))

    assert requests == ["/v1/customers", "/v1/payment_methods"]
    assert PaymentMethod.objects.existing().count() == 30
