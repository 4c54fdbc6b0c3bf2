"""Whatever is planned, it happens once, and however time passes."""

from __future__ import annotations

from typing import Any

import stripe
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.sandbox.resources.shop import DAY, HOUR, Shop, moment
from wagtail_billing_portal.sandbox.transport import SandboxTransport
from wagtail_billing_portal.sandbox.world import account_for_key, open_world

START, END = moment(2026, 3, 1), moment(2026, 6, 15)

phases = st.lists(
    st.fixed_dictionaries(
        {
            "amount": st.sampled_from([0, 1000, 3100]),
            "days": st.sampled_from([1, 10, 31, 45]),
            "proration_behavior": st.sampled_from(
                ["none", "create_prorations", "always_invoice"]
            ),
        },
        optional={"trial": st.just(True)},
    ),
    min_size=1,
    max_size=3,
)


@settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(
    plan=phases,
    end=st.sampled_from(["cancel", "release"]),
    card=st.sampled_from(["pm_card_visa", "pm_card_chargeCustomerFail"]),
    steps=st.lists(st.integers(1, 40 * DAY), min_size=1, max_size=4),
)
def test_one_jump_tells_the_same_story_as_many_steps(db, plan, end, card, steps):
    told = [live(str(run), plan, end, card, way) for run, way in enumerate(([], steps))]

    assert told[0] == told[1]


def live(name: str, plan: Any, end: str, card: str, steps: list[int]) -> Any:
    key = f"sk_test_sandbox_plan{name}"
    with transaction.atomic(), open_world(account_for_key(key)) as world:
        client = stripe.StripeClient(key, http_client=SandboxTransport())
        shop = Shop(client.v1, world)
        schedule = shop.api.subscription_schedules.create(
            {
                "customer": shop.customer(card),
                "end_behavior": end,
                "phases": [
                    ordered(shop, phase, plan, i) for i, phase in enumerate(plan)
                ],
                "start_date": "now",
            }
        )
        for step in steps:
            shop.travel(min(END, world.now + step))
        shop.travel(END)
        story = what_became(shop, schedule)
        transaction.set_rollback(True)
    return story


def ordered(shop: Shop, phase: Any, plan: Any, index: int) -> Any:
    wish = {name: value for name, value in phase.items() if name not in PRIVATE}
    until = START + sum(it["days"] for it in plan[: index + 1]) * DAY
    price = shop.price(phase["amount"], f"Plan {index}")
    return {**wish, "items": [{"price": price}], "end_date": until}


PRIVATE = ("amount", "days")


def what_became(shop: Shop, schedule: stripe.SubscriptionSchedule) -> Any:
    ended = shop.api.subscription_schedules.retrieve(schedule.id)
    subscription = shop.subscription(schedule.subscription)
    check(shop, ended, subscription)
    return (
        ended.status,
        subscription.status,
        [
            (it.created, it.status, it.total, it.amount_due, it.attempt_count)
            for it in shop.invoices()
        ],
        [
            (event.created, event.type)
            for event in shop.api.events.list({"limit": 100}).auto_paging_iter()
        ],
    )


def check(
    shop: Shop, schedule: stripe.SubscriptionSchedule, subscription: stripe.Subscription
) -> None:
    last = schedule.phases[-1].end_date
    over = last <= shop.world.now or schedule.status == "canceled"
    assert over is (schedule.current_phase is None)
    if schedule.status == "released":
        assert (schedule.subscription, subscription.schedule) == (None, None)
    if schedule.status == "completed":
        assert subscription.ended_at == last
    if subscription.status != "canceled":
        ends = [it.current_period_end for it in subscription["items"].data]
        assert min(ends) > shop.world.now
    for invoice in shop.invoices(status="draft"):
        waits = invoice.automatically_finalizes_at or 0
        assert waits > shop.world.now - HOUR or not invoice.auto_advance
