"""What another plan would bill is what it bills once it is made."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.resources.shop import Shop, moment

APRIL = moment(2026, 4, 1)
MONTH = {"interval": "month", "interval_count": 1}


def phase(shop: Shop, amount: int, **params: Any) -> dict[str, Any]:
    items = [{"price": shop.price(amount, f"P{amount}")}]
    return {"items": items, "duration": MONTH, **params}


def planned(shop: Shop, *amounts: int) -> stripe.SubscriptionSchedule:
    order: Any = {
        "customer": shop.customer(),
        "start_date": "now",
        "phases": [phase(shop, amount) for amount in amounts],
    }
    plan = shop.api.subscription_schedules.create(order)
    shop.travel(moment(2026, 3, 11))
    return plan


def as_it_is(plan: stripe.SubscriptionSchedule) -> dict[str, Any]:
    """The phase that a plan is in, to be sent again."""
    current = plan.phases[0]
    items = [{"price": str(item.price)} for item in current["items"]]
    return {
        "items": items,
        "start_date": current.start_date,
        "end_date": current.end_date,
    }


def preview(shop: Shop, **params: Any) -> stripe.Invoice:
    return shop.api.invoices.create_preview(params)  # type: ignore[arg-type]


def gist(invoice: stripe.Invoice) -> Any:
    lines = [(line.amount, line.description) for line in invoice.lines.data]
    return invoice.total, invoice.amount_due, lines


def test_another_phase_to_come_bills_what_was_promised(shop: Shop) -> None:
    plan = planned(shop, 1000, 2000)
    details: Any = {"phases": [as_it_is(plan), phase(shop, 3000)]}

    promised = preview(shop, schedule=plan.id, schedule_details=details)
    shop.api.subscription_schedules.update(plan.id, details)
    shop.travel(APRIL)

    assert (promised.total, promised.created) == (3000, APRIL)
    assert gist(promised) == gist(shop.invoices()[0])


def test_a_change_of_the_current_phase_bills_what_was_promised(shop: Shop) -> None:
    plan = planned(shop, 3100)
    details: Any = {
        "phases": [{**as_it_is(plan), "items": phase(shop, 6200)["items"]}],
        "proration_behavior": "always_invoice",
    }

    promised = preview(shop, schedule=plan.id, schedule_details=details)
    shop.api.subscription_schedules.update(plan.id, details)

    assert promised.total == 2100
    assert gist(promised) == gist(shop.invoices()[0])


def test_a_plan_for_a_subscription_that_runs_is_previewed_by_its_schedule(
    shop: Shop,
) -> None:
    begun = shop.subscribe(items=[{"price": shop.price(3100)}])
    plan = shop.api.subscription_schedules.create({"from_subscription": begun.id})
    year = {"interval": "year", "interval_count": 1}
    price = shop.price(30000, "Year", recurring={"interval": "year"})
    coming = {
        "items": [{"price": price}],
        "duration": year,
        "billing_cycle_anchor": "phase_start",
    }
    details: Any = {"phases": [as_it_is(plan), coming]}

    promised = preview(shop, schedule=plan.id, schedule_details=details)
    shop.api.subscription_schedules.update(plan.id, details)
    shop.travel(APRIL)

    assert promised.total == 30000
    assert gist(promised) == gist(shop.invoices()[0])


@pytest.mark.parametrize("start", ["now", APRIL])
def test_a_plan_that_does_not_exist_yet_can_be_previewed(
    shop: Shop, start: str | int
) -> None:
    customer = shop.customer()
    first, second = phase(shop, 1000), phase(shop, 2000)
    details = {
        "phases": [{**first, "start_date": start}, second],
        "end_behavior": "cancel",
    }

    promised = preview(shop, customer=customer, schedule_details=details)
    assert shop.api.subscription_schedules.list().data == []
    order: Any = {
        **details,
        "customer": customer,
        "phases": [first, second],
        "start_date": start,
    }
    shop.api.subscription_schedules.create(order)
    shop.travel(APRIL)

    assert promised.total == 1000
    assert gist(promised) == gist(shop.invoices()[-1])


def test_what_it_charges_each_period_can_be_asked_for(shop: Shop) -> None:
    details = {"phases": [phase(shop, 1000, start_date=APRIL, trial=True)]}
    customer = shop.customer()

    first = preview(shop, customer=customer, schedule_details=details)
    each = preview(
        shop,
        customer=customer,
        schedule_details=details,
        preview_mode="recurring",
    )

    assert (first.total, each.total) == (0, 1000)


def test_a_planned_pause_shows_as_nobody_has_been_asked_yet(shop: Shop) -> None:
    plan = planned(shop, 3100)
    pause = {
        "pause_at": {"type": "now"},
        "settings": {"invoicing_behavior": "invoice"},
    }
    details: Any = {"pause_schedules": [{"pause": pause}]}

    promised = preview(shop, schedule=plan.id, schedule_details=details)
    shop.api.subscription_schedules.update(plan.id, details)

    assert (promised.status, promised.number, promised.attempted) == (
        "draft",
        None,
        False,
    )
    assert promised.total == -2100
    assert gist(promised) == gist(shop.invoices()[0])


def test_a_plan_that_would_end_its_subscription_bills_nothing_more(
    shop: Shop,
) -> None:
    plan = planned(shop, 1000)

    with pytest.raises(stripe.InvalidRequestError) as nothing:
        preview(shop, schedule=plan.id, schedule_details={"end_behavior": "cancel"})

    assert nothing.value.code == "invoice_upcoming_none"


@pytest.mark.parametrize("other", ["subscription", "subscription_details"])
def test_a_plan_and_a_subscription_exclude_each_other(shop: Shop, other: str) -> None:
    begun = shop.subscribe()
    asks = {
        "subscription": begun.id,
        "subscription_details": {"cancel_at_period_end": True},
    }
    details = {"phases": [phase(shop, 1000, start_date="now")]}

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        preview(shop, schedule_details=details, **{other: asks[other]})

    assert refusal.value.code == "parameters_exclusive"


def test_a_plan_needs_to_know_for_whom_and_from_when(shop: Shop) -> None:
    details = {"phases": [phase(shop, 1000)]}

    with pytest.raises(stripe.InvalidRequestError) as nobody:
        preview(shop, schedule_details=details)
    with pytest.raises(stripe.InvalidRequestError) as sometime:
        preview(shop, customer=shop.customer(), schedule_details=details)

    assert (nobody.value.param, sometime.value.param) == ("customer", "start_date")


def test_looking_changes_nothing(shop: Shop) -> None:
    plan = planned(shop, 1000, 2000)
    subscription = str(plan.subscription)
    before = shop.subscription(subscription).to_dict(for_json=True)
    details = {"phases": [as_it_is(plan)], "proration_behavior": "always_invoice"}

    preview(shop, schedule=plan.id, schedule_details=details)

    assert shop.api.subscription_schedules.retrieve(plan.id).phases == plan.phases
    assert shop.subscription(subscription).to_dict(for_json=True) == before
