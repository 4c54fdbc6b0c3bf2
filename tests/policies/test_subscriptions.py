"""Who may cancel what, over every status, ending and role: one table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from wagtail_billing_portal.models import Customer, PortalSettings, Role, Subscription
from wagtail_billing_portal.policies.subscriptions import (
    may_cancel,
    may_undo_cancel,
    may_view,
)

SOON = timedelta(days=3)
STATUSES = [
    "incomplete",
    "incomplete_expired",
    "trialing",
    "active",
    "past_due",
    "canceled",
    "unpaid",
    "paused",
    "invented_next_year",
]


@dataclass
class Someone:
    customer: Customer | None
    role: Role | None = Role.OWNER
    settings: PortalSettings = PortalSettings()
    is_member: bool = True


ADA = Customer(id="cus_ada")


def a_subscription(**fields: Any) -> Subscription:
    return Subscription(
        **{"id": "sub_1", "customer": ADA, "status": "active", **fields}
    )


def ending(**fields: Any) -> Subscription:
    return a_subscription(ends_at=timezone.now() + SOON, **fields)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("status", STATUSES)
def test_cancelling_and_undoing_exclude_each_other(status, role):
    someone = Someone(ADA, role)

    for subscription in (a_subscription(status=status), ending(status=status)):
        cancel = may_cancel(someone, subscription)
        undo = may_undo_cancel(someone, subscription)

        assert may_view(someone, subscription)
        assert not (cancel and undo)
        if role == Role.VIEWER:
            assert (cancel.code, undo.code) == ("viewer", "viewer")
        for decision in (cancel, undo):
            assert decision.allowed or str(decision.reason).endswith(".")


@pytest.mark.parametrize(
    ("subscription", "code"),
    [
        pytest.param(a_subscription(), "", id="active"),
        pytest.param(a_subscription(status="trialing"), "", id="on trial"),
        pytest.param(a_subscription(status="past_due"), "", id="past due"),
        pytest.param(a_subscription(status="unpaid"), "", id="unpaid"),
        pytest.param(a_subscription(status="paused"), "", id="paused"),
        pytest.param(
            a_subscription(status="incomplete"), "incomplete", id="never paid"
        ),
        pytest.param(ending(), "already_ending", id="already cancelled"),
        pytest.param(a_subscription(status="canceled"), "ended", id="ended"),
        pytest.param(
            a_subscription(data={"schedule": "sub_sched_1"}), "scheduled", id="contract"
        ),
        pytest.param(
            a_subscription(customer=Customer(id="cus_eve")), "not_yours", id="foreign"
        ),
    ],
)
def test_what_may_be_cancelled(subscription, code):
    assert may_cancel(Someone(ADA), subscription).code == code


def test_a_switched_off_feature_denies_both():
    someone = Someone(ADA, settings=PortalSettings(offer_cancel=False))

    assert may_cancel(someone, a_subscription()).code == "not_offered"
    assert may_undo_cancel(someone, ending()).code == "not_offered"


def test_nobody_without_a_customer_sees_anything():
    assert may_view(Someone(None, None), a_subscription()).code == "no_customer"
