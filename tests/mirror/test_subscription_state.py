"""A subscription's words: the same in Python and in SQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from wagtail_billing_portal.models import Subscription


def ending(*, days: int) -> dict[str, object]:
    return {"ends_at": timezone.now() + timedelta(days=days)}


@pytest.mark.parametrize(
    ("fields", "has_access", "state"),
    [
        pytest.param({"status": "active"}, True, "active", id="active"),
        pytest.param({"status": "trialing"}, True, "trialing", id="on trial"),
        pytest.param({"status": "past_due"}, True, "past_due", id="overdue"),
        pytest.param(
            {"status": "active", **ending(days=3)}, True, "ending", id="grace period"
        ),
        pytest.param(
            {"status": "active", **ending(days=-1)}, False, "ended", id="past its end"
        ),
        pytest.param({"status": "canceled"}, False, "ended", id="cancelled"),
        pytest.param({"status": "incomplete"}, False, "incomplete", id="never paid"),
        pytest.param({"status": "incomplete_expired"}, False, "ended", id="lapsed"),
        pytest.param({"status": "unpaid"}, False, "unpaid", id="unpaid"),
        pytest.param({"status": "paused"}, False, "paused", id="paused"),
        pytest.param({"status": "novel"}, False, "unpaid", id="a status of the future"),
    ],
)
def test_access_reads_the_same_in_python_and_in_sql(db, fields, has_access, state):
    subscription = Subscription.objects.create(
        id="sub_1", stripe_account="default", as_of=1, **fields
    )

    assert subscription.grants_access is has_access
    assert Subscription.objects.granting_access().exists() is has_access
    assert subscription.state == state
