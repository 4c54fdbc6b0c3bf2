"""Events wait, are applied once, fail alone, and are forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from wagtail_billing_portal.mirror import inbox
from wagtail_billing_portal.models import Customer, EventStatus, StripeEvent
from wagtail_billing_portal.webhooks import handling


class Broken(Exception):
    """What a site's own handler may raise."""


def break_down(event, row):
    raise Broken("The handler broke.")


@pytest.fixture
def customer(stripe_side) -> str:
    return stripe_side.client.v1.customers.create({"email": "ada@example.com"}).id


def test_an_effect_happens_once_however_often_the_event_comes(stripe_side, customer):
    seen = []
    (event,) = stripe_side.waiting()

    with handling("customer.created", lambda event, row: seen.append(row.email)):
        stripe_side.deliver(event)
        stripe_side.deliver(event)

    assert seen == ["ada@example.com"]


def test_an_event_for_the_sites_own_handler_is_asked_for(stripe_side):
    with handling("charge.dispute.created", break_down):
        assert "charge.dispute.created" in inbox.handled_events()


def test_a_failing_event_keeps_its_traceback_and_holds_up_no_other(
    stripe_side, customer
):
    stripe_side.client.v1.customers.update(customer, {"name": "Ada"})
    created, updated = stripe_side.waiting()

    with handling("customer.created", break_down):
        assert stripe_side.deliver(created) == 200
        assert stripe_side.deliver(updated) == 200

    failed = StripeEvent.objects.get(pk=created["id"])
    assert failed.status == EventStatus.PENDING
    assert "The handler broke." in failed.error
    assert failed.next_attempt_at > timezone.now()
    assert Customer.objects.get().name == "Ada"


def test_a_failed_event_changes_nothing_and_is_tried_again(stripe_side, customer):
    (event,) = stripe_side.waiting()
    with handling("customer.created", break_down):
        stripe_side.deliver(event)
    assert not Customer.objects.exists()

    StripeEvent.objects.update(next_attempt_at=timezone.now())
    inbox.drain()

    assert Customer.objects.get().email == "ada@example.com"
    assert StripeEvent.objects.get().error == ""


def test_after_many_failures_a_person_decides(stripe_side, customer):
    (event,) = stripe_side.waiting()
    with handling("customer.created", break_down):
        stripe_side.deliver(event)
        for _attempt in range(inbox.MOST_ATTEMPTS):
            StripeEvent.objects.update(next_attempt_at=timezone.now())
            inbox.drain()
    assert StripeEvent.objects.get().status == EventStatus.FAILED

    inbox.retry(StripeEvent.objects.get())
    inbox.drain()

    assert StripeEvent.objects.get().status == EventStatus.PROCESSED


def test_old_events_are_forgotten_and_failed_ones_kept(stripe_side, customer):
    stripe_side.client.v1.customers.update(customer, {"name": "Ada"})
    created, _updated = stripe_side.waiting()
    stripe_side.deliver_all()
    long_ago = timezone.now() - timedelta(days=91)
    StripeEvent.objects.update(received_at=long_ago)
    StripeEvent.objects.filter(pk=created["id"]).update(status=EventStatus.FAILED)

    assert inbox.prune(before=timezone.now() - timedelta(days=90)) == 1

    assert StripeEvent.objects.get().pk == created["id"]
