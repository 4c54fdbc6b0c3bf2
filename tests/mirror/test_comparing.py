"""A comparison looks at everything, whatever other walks have left."""

from __future__ import annotations

import pytest

from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.mirror.reconcile import compare_all
from wagtail_billing_portal.models import BackfillProgress, Customer, Discount
from wagtail_billing_portal.sandbox.signals import request_answered

pytestmark = pytest.mark.django_db


@pytest.fixture
def requests():
    asked: list[str] = []

    def remember(sender, operation, **kwargs) -> None:
        asked.append(operation.path)

    request_answered.connect(remember)
    yield asked
    request_answered.disconnect(remember)


def test_it_begins_at_the_beginning(stripe_side, requests):
    for number in range(101):
        stripe_side.client.v1.customers.create({"name": f"Customer {number}"})
    next(backfill("default", only=["customer"]))
    stripe_side.stop_clock()
    stripe_side.advance(seconds=5)
    Customer.objects.filter(name="Customer 100").update(data={}, as_of=1)
    requests.clear()

    found = list(compare_all("default", only=["customer"]))

    assert len(found) == 2
    assert requests == ["/v1/customers"] * 2
    assert not BackfillProgress.objects.exists()


def test_what_stripe_does_not_tell_ends_no_comparison(stripe_side):
    """A discount whose owner nobody knows is named, and the rest compared."""
    customer = stripe_side.a_customer()
    Discount.objects.create(id="di_lost", stripe_account="default")

    found = {it.id: it.refusal for it in compare_all("default")}

    assert "whose discount" in found["di_lost"]
    assert found[customer] == ""
