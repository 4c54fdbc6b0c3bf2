"""The webhook endpoint that Stripe must call for one of our accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..gateway import (
    API_VERSION,
    Params,
    StripeAccount,
    new_key,
    options,
    rows_of,
    stripe_for,
)

MANAGER = "wagtail_billing_portal"


@dataclass(frozen=True)
class Endpoint:
    """What became of the endpoint; ``secret`` only when it was made just now."""

    id: str
    outcome: str
    secret: str = ""


def ensure_endpoint(
    account: StripeAccount, *, url: str, events: Iterable[str]
) -> Endpoint:
    """Have Stripe send exactly ``events``, at our API version, to ``url``."""
    wanted = sorted(events)
    with stripe_for(account.alias) as client:
        listed = client.v1.webhook_endpoints.list({"limit": 100})
        known = _ours([answer.data for answer in rows_of(listed)], url)
        if known is None:
            made = client.v1.webhook_endpoints.create(
                _params(account, url, wanted), options(new_key())
            )
            return Endpoint(made.id, "created", made.secret or "")
        if sorted(known["enabled_events"]) == wanted and known["status"] == "enabled":
            return Endpoint(known["id"], "unchanged")
        changes: Params = {"enabled_events": wanted, "disabled": False}
        client.v1.webhook_endpoints.update(known["id"], changes, options(new_key()))
        return Endpoint(known["id"], "updated")


def _ours(endpoints: list[dict[str, Any]], url: str) -> dict[str, Any] | None:
    # The version of an endpoint cannot be changed; another version is another one.
    return next(
        (
            endpoint
            for endpoint in endpoints
            if endpoint["url"] == url and endpoint["api_version"] == API_VERSION
        ),
        None,
    )


def _params(account: StripeAccount, url: str, events: list[str]) -> Params:
    metadata = {"managed_by": MANAGER}
    if account.is_sandbox and account.webhook_secrets:
        # The sandbox lets its secret be chosen, so that settings can know it before.
        metadata["sandbox_secret"] = account.webhook_secrets[0]
    return {
        "url": url,
        "enabled_events": events,
        "api_version": API_VERSION,
        "description": MANAGER,
        "metadata": metadata,
    }
