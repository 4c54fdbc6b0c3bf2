"""A year of a small business in the sandbox: renewals, failures, changes of plan."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator

import stripe
from django.db import connection

from wagtail_billing_portal.sandbox import clock
from wagtail_billing_portal.sandbox.models import StoredObject
from wagtail_billing_portal.sandbox.transport import SandboxTransport
from wagtail_billing_portal.sandbox.world import account_for_key, open_world

from .figures import Figure, figure

KEY = "sk_test_sandbox_year"
CUSTOMERS = 200
MONTHS = 12
FEW = 5
START = 1_767_225_600
MONTH = 2_629_800
SECONDS_ALLOWED = 60
GROWTH_ALLOWED = 64


def bench_a_year_of_two_hundred_customers() -> Iterator[Figure]:
    """Twelve months of 200 customers, every answer and event checked."""
    began = time.perf_counter()
    business = Business()
    business.open(CUSTOMERS)
    first = _megabytes()
    for month in range(MONTHS):
        business.live_through(month)
        if month == FEW:
            first = _megabytes()
    seconds = time.perf_counter() - began
    written = StoredObject.objects.filter(account=business.account).count()
    growth = _megabytes() - first
    yield figure("sandbox_year_seconds", seconds, "s", limit=SECONDS_ALLOWED)
    yield figure("sandbox_year_memory_growth", growth, "MB", limit=GROWTH_ALLOWED)
    yield figure("sandbox_objects_written_per_second", written / seconds, "1/s")
    requests = _requests_per_second(business.v1)
    yield figure("sandbox_requests_per_second", requests, "1/s")


class Business:
    """A seller with two plans, whose customers pay, fail and change their minds."""

    def __init__(self) -> None:
        self.account = account_for_key(KEY)
        self.v1 = stripe.StripeClient(KEY, http_client=SandboxTransport()).v1
        self.subscriptions: list[stripe.Subscription] = []

    def open(self, customers: int) -> None:
        self._travel(START)
        small, large = self._price(1200), self._price(2900)
        self.prices = {small: large, large: small}
        self.subscriptions = [self._subscribe(small) for _ in range(customers)]

    def live_through(self, month: int) -> None:
        """One in ten changes plans, one in twenty pays with a card that fails."""
        for number, subscription in enumerate(self.subscriptions):
            if number % 10 == month % 10:
                self._change_plan(subscription)
            if number % 20 == month:
                self._pay_by("pm_card_chargeCustomerFail", subscription)
            if number % 20 == month - 1:
                self._pay_by("pm_card_visa", subscription)
        self._travel(START + (month + 1) * MONTH)

    def _price(self, amount: int) -> str:
        order = {
            "currency": "eur",
            "product_data": {"name": f"Plan {amount}"},
            "recurring": {"interval": "month"},
            "unit_amount": amount,
        }
        return self.v1.prices.create(order).id

    def _subscribe(self, price: str) -> stripe.Subscription:
        customer = self.v1.customers.create({"email": "ada@example.com"}).id
        order = {"customer": customer, "items": [{"price": price}]}
        method = self._pay_by("pm_card_visa", customer)
        return self.v1.subscriptions.create({**order, "default_payment_method": method})

    def _change_plan(self, subscription: stripe.Subscription) -> None:
        current = self.v1.subscriptions.retrieve(subscription.id)
        if current.status != "active":
            return
        [item] = current.items.data
        order = {"items": [{"id": item.id, "price": self.prices[item.price.id]}]}
        self.v1.subscriptions.update(subscription.id, order)

    def _pay_by(self, card: str, payer: stripe.Subscription | str) -> str:
        customer = payer if isinstance(payer, str) else str(payer.customer)
        method = self.v1.payment_methods.attach(card, {"customer": customer}).id
        if not isinstance(payer, str):
            current = self.v1.subscriptions.retrieve(payer.id)
            if current.status in ("active", "past_due"):
                change = {"default_payment_method": method}
                self.v1.subscriptions.update(payer.id, change)
        return method

    def _travel(self, to: int) -> None:
        with open_world(self.account) as world:
            clock.travel(world, to)


def _requests_per_second(v1: stripe.V1Services) -> float:
    began, times = time.perf_counter(), 200
    for number in range(times):
        customer = v1.customers.create({"name": f"Customer {number}"})
        v1.customers.retrieve(customer.id)
    return 2 * times / (time.perf_counter() - began)


def _megabytes() -> float:
    """The most that this process ever held, without a database that is in it too."""
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    return held - _database_in_memory()


def _database_in_memory() -> float:
    if connection.vendor != "sqlite" or "memory" not in str(
        connection.settings_dict["NAME"]
    ):
        return 0
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        [pages] = cursor.fetchone()
        cursor.execute("PRAGMA page_size")
        [size] = cursor.fetchone()
    return float(pages * size / 1024 / 1024)
