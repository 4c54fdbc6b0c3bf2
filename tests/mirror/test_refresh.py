"""Fetching again: rarely, politely, and never in vain for long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from wagtail_billing_portal.gateway import Answer, answer_of, stripe_for
from wagtail_billing_portal.gateway.clock import TOOK, second_before
from wagtail_billing_portal.mirror.ingest import ingest
from wagtail_billing_portal.mirror.refresh import is_due, let_in, refresh_due
from wagtail_billing_portal.models import Customer

pytestmark = pytest.mark.django_db

UNPLUGGED = {"TRANSPORT": "tests.views.unplugged.Unplugged", "MAX_NETWORK_RETRIES": 0}


@pytest.fixture
def waiting(stripe_side) -> Customer:
    """A customer of whom two versions came in one second."""
    id = stripe_side.client.v1.customers.create({"name": "Right"}).id
    for name in ("One", "Other"):
        raw = {"id": id, "object": "customer", "name": name}
        ingest(raw, account="default", as_of=100)
    return Customer.objects.get()


def test_a_tie_is_settled_by_one_request(waiting):
    assert waiting.needs_refresh

    assert refresh_due() == 1
    assert refresh_due() == 0

    assert Customer.objects.get().name == "Right"
    assert not is_due()


def test_what_was_done_is_no_failure_though_stripe_tells_no_more(waiting, settings):
    settings.WAGTAIL_BILLING_PORTAL = settings.WAGTAIL_BILLING_PORTAL | UNPLUGGED
    third = {"id": waiting.pk, "object": "customer", "name": "Third"}

    let_in(Answer(third, as_of=100), account="default")

    waiting.refresh_from_db()
    assert waiting.name == "One"
    assert waiting.needs_refresh


def test_an_answer_was_true_at_some_moment_since_it_was_asked_for(stripe_side):
    served = {"Date": "Thu, 01 Jan 2026 00:00:10 GMT"}

    began = [second_before({**served, TOOK: took}) for took in ("0.0", "0.2", "2.5")]

    midnight = 1_767_225_600
    assert [second - midnight for second in began] == [10, 9, 7]
    with stripe_for("default") as client:
        answer = answer_of(client.v1.products.create({"name": "Loaf"}))
    assert answer.since < answer.as_of


def test_without_stripe_it_waits_longer_each_time(waiting, settings):
    settings.WAGTAIL_BILLING_PORTAL = settings.WAGTAIL_BILLING_PORTAL | UNPLUGGED
    pauses = []
    for _attempt in range(3):
        Customer.objects.update(refresh_after=None)
        assert refresh_due() == 1
        pauses.append(Customer.objects.get().refresh_after - timezone.now())

    assert not is_due()
    assert pauses == sorted(pauses)
    assert pauses[0] > timedelta(seconds=4)
    assert Customer.objects.get().needs_refresh
