"""How far behind the mirror is, told for each account in a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from wagtail_billing_portal.mirror.health import Health, health
from wagtail_billing_portal.models import (
    Customer,
    EventStatus,
    Invoice,
    Price,
    StripeEvent,
)

pytestmark = pytest.mark.django_db


def an_event(id: str, *, age: int = 0, account: str = "default", **fields) -> None:
    StripeEvent.objects.create(
        id=id,
        type="customer.updated",
        created=0,
        payload={},
        stripe_account=account,
        received_at=timezone.now() - timedelta(seconds=age),
        **fields,
    )


def rows_to_fetch(model, number: int, *, age: int, account: str = "default") -> None:
    for n in range(number):
        model.objects.create(
            id=f"{model.stripe_object}_{account}_{n}",
            stripe_account=account,
            needs_refresh=True,
        )
    model.objects.update(synced_at=timezone.now() - timedelta(seconds=age))


def test_an_account_at_rest_is_well():
    assert health() == [Health("default"), Health("uk")]
    assert all(it.is_well(patience=0) for it in health())


def test_what_waits_is_counted_with_the_age_of_the_oldest():
    an_event("evt_1", age=90)
    an_event("evt_2", age=30, attempts=3)
    an_event("evt_3", age=900, status=EventStatus.PROCESSED)
    an_event("evt_4", age=900, status=EventStatus.IGNORED)

    [default, uk] = health()

    assert (default.waiting, default.waiting_for) == (2, 90)
    assert default.is_well(patience=100)
    assert not default.is_well(patience=60)
    assert uk.is_well()


def test_an_event_that_was_given_up_is_never_well():
    an_event("evt_1", status=EventStatus.FAILED, account="uk")

    [default, uk] = health()

    assert (uk.failed, uk.waiting, uk.waiting_for) == (1, 0, 0)
    assert not uk.is_well()
    assert default.is_well()


def test_rows_of_every_kind_wait_for_a_refresh():
    rows_to_fetch(Customer, 2, age=10)
    rows_to_fetch(Price, 1, age=70)
    Customer.objects.create(id="cus_current", stripe_account="default", as_of=1)

    [default, _uk] = health()

    assert (default.to_refresh, default.to_refresh_for) == (3, 70)
    assert not default.is_well(patience=60)


def test_an_account_that_left_the_settings_is_told_of_while_anything_waits():
    an_event("evt_1", account="gone")
    rows_to_fetch(Customer, 1, age=0, account="gone")

    assert [it.account for it in health()] == ["default", "uk", "gone"]
    assert health()[2].waiting == health()[2].to_refresh == 1


@pytest.mark.parametrize("number", [0, 5])
def test_it_costs_three_statements_however_much_waits(
    django_assert_num_queries, number
):
    for n in range(number):
        an_event(f"evt_{n}", account="uk" if n % 2 else "default")
    rows_to_fetch(Customer, number, age=5)
    rows_to_fetch(Invoice, number, age=5)

    with django_assert_num_queries(3):
        health()
