"""The one door: what comes in, what it brings along, and what it never loses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tools.shop import sold, subscribed
from wagtail_billing_portal.gateway import answer_of
from wagtail_billing_portal.mirror.arrivals import Arrival
from wagtail_billing_portal.mirror.ingest import (
    ForeignObject,
    ingest,
    ingest_all,
    version_of,
)
from wagtail_billing_portal.mirror.refresh import refresh, refresh_due
from wagtail_billing_portal.models import (
    Customer,
    Invoice,
    PaymentMethod,
    Price,
    Subscription,
)
from wagtail_billing_portal.signals import (
    mirrored,
    subscription_ended,
    subscription_started,
)

pytestmark = pytest.mark.django_db


def a_customer(**fields: Any) -> dict[str, Any]:
    return {"id": "cus_1", "object": "customer", **fields}


def test_a_child_that_comes_first_brings_stubs_that_are_fetched(stripe_side):
    customer = stripe_side.a_customer()
    stripe_side.subscribe(customer, stripe_side.a_price())
    (paid,) = stripe_side.events("invoice.paid")

    ingest(paid["data"]["object"], account="default", as_of=paid["created"])
    assert Invoice.objects.get().customer.is_stub
    while refresh_due():
        pass

    assert Invoice.objects.get().customer.email == "ada@example.com"
    assert Invoice.objects.get().subscription.status == "active"
    assert Price.objects.get().product.name == "Supporter"


def test_what_was_expanded_is_let_in_by_itself(stripe_side):
    customer = stripe_side.a_customer()
    subscription = stripe_side.subscribe(customer, stripe_side.a_price())
    answer = answer_of(
        stripe_side.client.v1.subscriptions.retrieve(
            subscription, {"expand": ["customer", "latest_invoice.payments"]}
        )
    )

    ingest(answer.data, account="default", as_of=answer.as_of)

    row = Subscription.objects.get()
    assert row.data["customer"] == customer
    assert row.customer.email == "ada@example.com"
    assert row.invoices.get().status == "paid"
    assert "payments" not in row.invoices.get().data


def test_an_older_snapshot_changes_nothing():
    ingest(a_customer(name="new"), account="default", as_of=20)
    ingest(a_customer(name="old"), account="default", as_of=10)

    assert Customer.objects.get().name == "new"
    assert not Customer.objects.get().needs_refresh


def test_an_event_that_says_what_was_before_settles_a_tie():
    before, after = a_customer(name="before"), a_customer(name="after")

    ingest(after, account="default", as_of=5, previous={"name": "before"})
    ingest(before, account="default", as_of=5)

    assert Customer.objects.get().name == "after"
    assert not Customer.objects.get().needs_refresh


def test_many_at_once_are_let_in_as_one_by_one():
    gone = Arrival(a_customer(name="old"), as_of=2, event_type="customer.deleted")
    late = Arrival(a_customer(name="late"), as_of=3)

    ingest_all([late, gone], account="default")

    assert Customer.objects.get().deleted_at is not None


def test_either_all_of_many_are_let_in_or_none():
    ingest(a_customer(id="cus_2"), account="uk", as_of=1)
    ours = Arrival(a_customer(name="Ada"), as_of=2)
    theirs = Arrival(a_customer(id="cus_2"), as_of=2)

    with pytest.raises(ForeignObject):
        ingest_all([ours, theirs], account="default")

    assert Customer.objects.get().pk == "cus_2"


def test_the_answer_to_a_later_request_wins_over_any_clock():
    row = ingest(a_customer(name="before"), account="default", as_of=20)

    ingest(a_customer(name="after"), account="default", as_of=10, seen=version_of(row))

    assert Customer.objects.get().name == "after"
    assert Customer.objects.get().as_of == 20


def test_a_truncated_list_does_not_replace_a_complete_one():
    def an_invoice(*, lines: int, has_more: bool) -> dict[str, Any]:
        entries = [{"id": f"il_{n}", "object": "line_item"} for n in range(lines)]
        nested = {"object": "list", "data": entries, "has_more": has_more, "url": "/"}
        return {"id": "in_1", "object": "invoice", "lines": nested, "status": "open"}

    ingest(an_invoice(lines=12, has_more=False), account="default", as_of=1)
    ingest(an_invoice(lines=10, has_more=True), account="default", as_of=2)

    invoice = Invoice.objects.get()
    assert len(invoice.data["lines"]["data"]) == 12
    assert invoice.needs_refresh


def test_no_account_writes_over_anothers_object():
    ingest(a_customer(name="ours"), account="default", as_of=1)

    with pytest.raises(ForeignObject):
        ingest(a_customer(name="theirs"), account="uk", as_of=2)

    assert Customer.objects.get().name == "ours"


def test_no_account_refers_to_anothers_object():
    ingest(a_customer(name="ours"), account="default", as_of=1)
    theirs = {"id": "in_1", "object": "invoice", "customer": "cus_1", "status": "open"}

    with pytest.raises(ForeignObject):
        ingest(theirs, account="uk", as_of=2)

    assert not Customer.objects.get().invoices.exists()
    assert not Invoice.objects.exists()


def test_what_is_gone_stays_gone():
    ingest(a_customer(name="Ada"), account="default", as_of=1)
    ingest(
        a_customer(name="Ada"),
        account="default",
        as_of=2,
        event_type="customer.deleted",
    )
    ingest(a_customer(name="Late"), account="default", as_of=3)

    customer = Customer.objects.get()
    assert customer.deleted_at is not None
    assert customer.name == "Ada"
    assert not Customer.objects.existing()


def test_what_stripe_no_longer_knows_becomes_a_tombstone(stripe_side):
    ingest(a_customer(name="Ada"), account="default", as_of=1)

    row = refresh(Customer.objects.get())

    assert row.deleted_at is not None
    assert row.name == "Ada"


def test_a_detached_card_belongs_to_nobody(stripe_side):
    customer = stripe_side.a_customer()
    stripe_side.deliver_all()
    card = PaymentMethod.objects.get(customer=customer)
    assert card.label == "Visa ending 4242"

    stripe_side.client.v1.payment_methods.detach(card.pk)
    stripe_side.deliver_shuffled()

    card.refresh_from_db()
    assert card.customer is None
    assert Customer.objects.get().default_payment_method is None


def test_the_site_hears_when_access_begins_and_ends(
    stripe_side, member, django_capture_on_commit_callbacks
):
    heard: list[str] = []

    def started(subscription, **kwargs):
        heard.append("started")

    def ended(subscription, **kwargs):
        heard.append("ended")

    subscription_started.connect(started)
    subscription_ended.connect(ended)

    subscription = subscribed(stripe_side, member, *sold(stripe_side, 1200))
    stripe_side.client.v1.subscriptions.cancel(subscription.pk)
    stripe_side.deliver_all()

    assert heard == ["started", "ended"]


def test_nothing_is_announced_when_nothing_changed(stripe_side, subscription):
    heard: list[Any] = []

    def remember(instance, **kwargs):
        heard.append(instance)

    mirrored.connect(remember)
    refresh(subscription)

    assert heard == []


def test_a_tombstone_is_the_same_whichever_came_first():
    there = Arrival(a_customer(name="Ada"), as_of=2, event_type="customer.created")
    gone = Arrival(a_customer(name="Ada"), as_of=3, event_type="customer.deleted")
    tombs = []
    for order in ([there, gone], [gone, there]):
        for arrival in order:
            ingest_all([arrival], account="default")
        row = Customer.objects.get()
        tombs.append((row.name, row.data, row.deleted_at))
        row.delete()

    assert tombs[0] == tombs[1]
    assert tombs[0][0] == "Ada"


def test_what_came_while_an_answer_was_awaited_is_not_settled_by_it():
    """Though the row looks as it did when the answer was asked for."""
    ingest(a_customer(name="One"), account="default", as_of=5)
    ingest(a_customer(name="Other"), account="default", as_of=5)
    asked = version_of(Customer.objects.get())
    ingest(a_customer(name="Third"), account="default", as_of=5)

    ingest(a_customer(name="Other"), account="default", as_of=5, seen=asked)

    assert Customer.objects.get().needs_refresh


def test_a_note_that_was_not_there_before_tells_of_the_version_before():
    ingest(a_customer(metadata={}), account="default", as_of=5)
    noted = {"metadata": {"order": None}}

    row = ingest(
        a_customer(metadata={"order": "7"}), account="default", as_of=5, previous=noted
    )

    assert row.metadata == {"order": "7"}
    assert not row.needs_refresh
