from __future__ import annotations

from ..models import SubscriptionSchedule
from ..models.schedules import AHEAD
from .family import Family, Json

STATUS_RANK = {"not_started": 0, "active": 1}


def _columns(data: Json) -> Json:
    return {"status": data.get("status") or ""}


SCHEDULES = Family(
    model=SubscriptionSchedule,
    events=tuple(
        f"subscription_schedule.{what}"
        for what in (
            "created",
            "updated",
            "expiring",
            "completed",
            "released",
            "canceled",
            "aborted",
        )
    ),
    columns=_columns,
    references={
        "customer": lambda data: data.get("customer"),
        "subscription": lambda data: (
            data.get("subscription") or data.get("released_subscription")
        ),
    },
    # Nothing leads out of the others.
    rank=lambda data: STATUS_RANK.get(data.get("status") or "", len(AHEAD)),
    retrieve=lambda client, id: client.v1.subscription_schedules.retrieve(id),
    list=lambda client, params: client.v1.subscription_schedules.list(params),
)
