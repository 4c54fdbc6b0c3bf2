"""What a schedule will bill next, and schedules that are moved forward."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.resources.shop import Shop, moment

APRIL = moment(2026, 4, 1)
MONTH = {"interval": "month", "interval_count": 1}


def planned(shop: Shop, *amounts: int, start: int | str = "now", **params: Any) -> Any:
    phases = [
        {"items": [{"price": shop.price(amount, f"P{amount}")}], "duration": MONTH}
        for amount in amounts
    ]
    order = {
        "customer": shop.customer(),
        "start_date": start,
        "phases": phases,
        **params,
    }
    return shop.api.subscription_schedules.create(order)


def test_a_preview_of_a_plan_is_the_bill_of_its_next_phase(shop: Shop) -> None:
    schedule = planned(shop, 1000, 2000)

    by_plan = shop.api.invoices.create_preview({"schedule": schedule.id})
    by_itself = shop.api.invoices.create_preview(
        {"subscription": str(schedule.subscription)}
    )
    shop.travel(APRIL)

    assert (by_plan.total, by_itself.total) == (2000, 2000)
    assert shop.invoices()[0].total == 2000
    assert by_plan.billing_reason == "upcoming"


def test_a_preview_of_a_plan_for_later_is_its_first_bill(shop: Shop) -> None:
    schedule = planned(shop, 1000, start=APRIL)

    preview = shop.api.invoices.create_preview({"schedule": schedule.id})

    assert (preview.total, preview.created) == (1000, APRIL)
    assert shop.invoices() == []


def test_a_plan_that_ends_its_subscription_bills_nothing_more(shop: Shop) -> None:
    schedule = planned(shop, 1000, end_behavior="cancel")

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.api.invoices.create_preview({"schedule": schedule.id})

    assert refusal.value.code == "invoice_upcoming_none"


def test_a_plan_that_pauses_first_bills_nothing_until_it_resumes(shop: Shop) -> None:
    at = {"type": "timestamp", "timestamp": APRIL}
    entry = {"pause": {"pause_at": at}}
    schedule = planned(shop, 1000, 2000, pause_schedules=[entry])

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.api.invoices.create_preview({"schedule": schedule.id})

    assert refusal.value.code == "invoice_upcoming_none"


def test_a_plan_for_later_can_be_started_now(shop: Shop) -> None:
    schedule = planned(shop, 1000, start=APRIL)
    items = [{"price": str(schedule.phases[0]["items"][0].price)}]
    phase = {"items": items, "start_date": "now", "duration": MONTH}

    started = shop.api.subscription_schedules.update(schedule.id, {"phases": [phase]})

    assert started.status == "active"
    assert shop.subscription(str(started.subscription)).status == "active"
    assert shop.invoices()[0].status == "draft"
    assert shop.events()[-1] == "subscription_schedule.updated"
