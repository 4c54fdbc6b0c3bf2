"""Two workers at the same moment: one customer, and each event applied once."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from tests.tools.together import together
from wagtail_billing_portal.actions.customers import ensure_customer
from wagtail_billing_portal.gateway import account_by_alias
from wagtail_billing_portal.mirror import inbox
from wagtail_billing_portal.models import (
    Customer,
    CustomerAccess,
    EventStatus,
    StripeEvent,
)
from wagtail_billing_portal.webhooks import handling

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]

WORKERS = 4


def test_two_workers_make_one_customer(stripe_side, member, settings):
    # Stripe answers 409 while the first of them is at it, and the SDK asks again.
    patient = {"MAX_NETWORK_RETRIES": 12}
    settings.WAGTAIL_BILLING_PORTAL = settings.WAGTAIL_BILLING_PORTAL | patient

    def work() -> str:
        user = get_user_model().objects.get(pk=member.pk)
        return ensure_customer(user, stripe_account="default").pk

    answers = together(*[work] * WORKERS)

    assert len(answers) == WORKERS
    assert len(set(answers)) == 1
    assert len(stripe_side.client.v1.customers.list().data) == 1
    assert CustomerAccess.objects.count() == 1


def test_two_workers_store_an_event_once(stripe_side):
    stripe_side.client.v1.customers.create({"email": "ada@example.com"})
    event = stripe_side.events("customer.created")[0]

    together(*[lambda: inbox.store(account_by_alias("default"), event)] * WORKERS)

    assert StripeEvent.objects.count() == 1


def test_what_cannot_be_committed_holds_up_nothing(stripe_side):
    """The database looks at some references only when all is done."""
    stripe_side.a_customer()
    for event in stripe_side.waiting():
        inbox.store(account_by_alias("default"), event)

    def link_to_nobody(event: StripeEvent, row: Customer) -> None:
        CustomerAccess.objects.create(user_id=0, customer=row, stripe_account="default")

    with handling("customer.created", link_to_nobody):
        drained = inbox.drain()
    kept = StripeEvent.objects.get(type="customer.created")

    assert drained.failed == 1
    assert (kept.status, kept.attempts) == (EventStatus.PENDING, 1)
    assert "IntegrityError" in kept.error
    assert not StripeEvent.objects.exclude(pk=kept.pk).exclude(
        status=EventStatus.PROCESSED
    )
    StripeEvent.objects.update(next_attempt_at=timezone.now())
    assert inbox.drain().processed == 1


def test_two_workers_apply_each_event_once(stripe_side):
    customer = stripe_side.a_customer()
    for price in (500, 1200):
        stripe_side.subscribe(customer, stripe_side.a_price(price))
    events = stripe_side.waiting()
    for event in events:
        inbox.store(account_by_alias("default"), event)
    seen: list[str] = []

    with handling("invoice.paid", lambda event, invoice: seen.append(event.pk)):
        drained = together(*[inbox.drain] * WORKERS)

    assert sum(one.processed for one in drained) == len(events)
    assert len(seen) == len(set(seen)) == 2
    assert not StripeEvent.objects.exclude(status=EventStatus.PROCESSED).exists()
