"""The official SDK calls every operation that the sandbox answers, by both doors."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Iterator

import pytest
import stripe

from tests.sandbox.tour import catalogue, money, pages, subscribing
from tests.sandbox.tour.doors import Door, another_process, in_process
from wagtail_billing_portal.sandbox import routing

# Stripe's command line tool pays a Checkout page by some of these; Stripe.js calls
# the others, with a publishable key.
NOT_IN_THE_SDK = {
    ("GET", "/v1/elements/sessions"),
    ("POST", "/v1/confirmation_tokens"),
    ("GET", "/v1/payment_pages/{page}"),
    ("POST", "/v1/payment_pages/{page}/confirm"),
}
# No refund waits for its payer, so that these only ever refuse.
ALWAYS_REFUSED = {
    ("POST", "/v1/refunds/{refund}/cancel"),
    ("POST", "/v1/test_helpers/refunds/{refund}/expire"),
}
CHAPTER = Callable[[stripe.V1Services], None]


def chapters() -> Iterator[CHAPTER]:
    for module in (catalogue, money, subscribing, pages):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                yield function


@pytest.mark.parametrize(
    "door", [in_process, pytest.param(another_process, marks=pytest.mark.sockets)]
)
def test_the_sdk_tours_every_operation(db: None, door: Door) -> None:
    failures, untouched = [], {(op.method, op.path) for op in routing.operations()}
    untouched -= NOT_IN_THE_SDK | ALWAYS_REFUSED
    with door() as visit:
        for chapter in chapters():
            visitor = visit(chapter.__name__)
            try:
                chapter(visitor.client.v1)
            except (stripe.StripeError, AssertionError, LookupError):
                failures.append(f"{chapter.__name__}: {traceback.format_exc()}")
            untouched -= visitor.walked

    assert not failures, "\n".join(failures)
    assert sorted(untouched) == []
