from __future__ import annotations

from urllib.parse import urlencode

from ..models import Subscription
from ..policies.base import Decision
from .base import address


def hosted_way(
    decision: Decision, name: str, subscription: Subscription, **query: str | int
) -> dict[str, str]:
    """Where Stripe's page does the same; an empty address where it can't, or mayn't."""
    url = address(name, subscription.pk) if decision else ""
    return {"hosted_url": f"{url}?{urlencode(query)}" if url and query else url}
