"""Scripts for subscriptions and their schedules."""

from __future__ import annotations

from tests.sandbox.triggers.beginnings import (
    CLOCK,
    CUSTOMER,
    DAY,
    ITEMS,
    LONG_AGO,
    PAYER,
    PRICE,
    PRODUCT,
    advanced,
    on_clock,
    subscribed,
)
from tests.sandbox.triggers.language import Step, delete, post

UNSURE = {"trial_settings": {"end_behavior": {"missing_payment_method": "pause"}}}
TRIAL_PAUSED = [
    *subscribed(CUSTOMER, trial_period_days=7, **UNSURE),
    post("paused", "subscriptions/${subscription:id}", trial_end="now"),
]
UPGRADE_REFUSED = [
    *subscribed(),
    post(
        "method",
        "payment_methods/pm_card_chargeCustomerFail/attach",
        customer="${customer:id}",
    ),
    post(
        "uses",
        "subscriptions/${subscription:id}",
        default_payment_method="${method:id}",
    ),
    post(
        "upgraded",
        "subscriptions/${subscription:id}",
        items={"0": {"id": "${subscription:items:data:0:id}", "quantity": 3}},
        proration_behavior="always_invoice",
        payment_behavior="pending_if_incomplete",
    ),
]
MONTH = {"items": ITEMS, "end_date": LONG_AGO + 28 * DAY}
SCHEDULE = post(
    "schedule",
    "subscription_schedules",
    customer="${customer:id}",
    start_date=LONG_AGO,
    end_behavior="cancel",
    phases={"0": MONTH},
)
SCHEDULED = [CLOCK, on_clock(PAYER), PRODUCT, PRICE, SCHEDULE]
SCRIPTS: dict[str, list[Step]] = {
    "customer.subscription.created": subscribed(),
    "customer.subscription.updated": [
        *subscribed(),
        post("updated", "subscriptions/${subscription:id}", metadata={"foo": "bar"}),
    ],
    "customer.subscription.deleted": [
        *subscribed(),
        delete("deleted", "subscriptions/${subscription:id}"),
    ],
    "customer.subscription.trial_will_end": [
        CLOCK,
        *subscribed(on_clock(PAYER), trial_period_days=7),
        advanced(5),
    ],
    "customer.subscription.paused": TRIAL_PAUSED,
    "customer.subscription.resumed": [
        *subscribed(),
        post(
            "paused",
            "subscriptions/${subscription:id}/pause",
            type="subscription",
            invoicing_behavior="pending_invoice_item",
            bill_for={
                "unused_time_from": {"type": "none"},
                "outstanding_usage_through": {"type": "none"},
            },
        ),
        post("resumed", "subscriptions/${subscription:id}/resume"),
        post("paid", "invoices/${resumed:latest_invoice}/pay"),
    ],
    "customer.subscription.pending_update_applied": [
        *UPGRADE_REFUSED,
        post(
            "pays",
            "invoices/${upgraded:latest_invoice}/pay",
            payment_method="pm_card_visa",
        ),
    ],
    "customer.subscription.pending_update_expired": [
        *UPGRADE_REFUSED,
        post("voided", "invoices/${upgraded:latest_invoice}/void"),
    ],
    "subscription_schedule.created": SCHEDULED,
    "subscription_schedule.updated": [
        *SCHEDULED,
        post(
            "updated",
            "subscription_schedules/${schedule:id}",
            metadata={"foo": "bar"},
        ),
    ],
    "subscription_schedule.canceled": [
        *SCHEDULED,
        post("canceled", "subscription_schedules/${schedule:id}/cancel"),
    ],
    "subscription_schedule.released": [
        *SCHEDULED,
        post("released", "subscription_schedules/${schedule:id}/release"),
    ],
    "subscription_schedule.completed": [*SCHEDULED, advanced(29)],
    "subscription_schedule.expiring": [*SCHEDULED, advanced(22)],
    "subscription_schedule.aborted": [
        CLOCK,
        on_clock(PAYER),
        PRODUCT,
        PRICE,
        Step(
            SCHEDULE.name,
            SCHEDULE.request,
            {
                **SCHEDULE.params,
                "phases": {"0": {**MONTH, "end_date": LONG_AGO + 360 * DAY}},
            },
        ),
        post(
            "method",
            "payment_methods/pm_card_chargeCustomerFail/attach",
            customer="${customer:id}",
        ),
        post(
            "uses",
            "customers/${customer:id}",
            invoice_settings={"default_payment_method": "${method:id}"},
        ),
        advanced(55),
    ],
}
