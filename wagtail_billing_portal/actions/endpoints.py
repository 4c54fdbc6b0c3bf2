"""The webhook endpoint that Stripe must call for one of our accounts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ..gateway import (
    API_VERSION,
    Params,
    StripeAccount,
    answer_of,
    new_key,
    options,
    rows_of,
    stripe_for,
)

MANAGER = "wagtail_billing_portal"


@dataclass(frozen=True)
class Endpoint:
    """What has to become of the endpoint, or what became of it."""

    url: str
    #: "created", "updated" or "unchanged".
    outcome: str
    events: tuple[str, ...]
    id: str = ""
    #: Only of one that was made just now: Stripe shows it once.
    secret: str = ""
    #: What Stripe sends there until it is updated.
    sent_before: tuple[str, ...] = ()


def plan_endpoint(
    account: StripeAccount, *, url: str, events: Iterable[str]
) -> Endpoint:
    """What has to be done so that Stripe sends exactly ``events`` to ``url``.

    Only looks at Stripe, and changes nothing.
    """
    wanted = tuple(sorted(events))
    known = _ours(_listed(account), account, url)
    if known is None:
        return Endpoint(url, "created", wanted)
    sent = tuple(sorted(known["enabled_events"]))
    is_right = sent == wanted and known["status"] == "enabled"
    outcome = "unchanged" if is_right else "updated"
    return Endpoint(url, outcome, wanted, known["id"], sent_before=sent)


def ensure_endpoint(
    account: StripeAccount, *, url: str, events: Iterable[str]
) -> Endpoint:
    """Have Stripe send exactly ``events``, at our API version, to ``url``."""
    plan = plan_endpoint(account, url=url, events=events)
    match plan.outcome:
        case "created":
            return _made_once(account, plan)
        case "updated":
            changes: Params = {"enabled_events": list(plan.events), "disabled": False}
            with stripe_for(account.alias, as_platform=True) as client:
                client.v1.webhook_endpoints.update(plan.id, changes, options(new_key()))
    return plan


def _made_once(account: StripeAccount, plan: Endpoint) -> Endpoint:
    """Make the endpoint, once however many commands do so at the same moment.

    They all send one key. Stripe plays an answer again for a day; should what it tells
    of be deleted by then, the key is another one.
    """
    params, gone = _params(account, plan), ""
    while True:
        key = _key_of(params, gone)
        with stripe_for(account.alias, as_platform=True) as client:
            made = client.v1.webhook_endpoints.create(params, options(key))
        if not answer_of(made).is_replayed or _is_there(account, made.id):
            return replace(plan, id=made.id, secret=made.secret or "")
        gone = made.id


def _key_of(params: Params, gone: str) -> str:
    told = json.dumps([params, gone], sort_keys=True)
    return f"{MANAGER}:endpoint:{hashlib.sha256(told.encode()).hexdigest()}"


def _is_there(account: StripeAccount, id: str) -> bool:
    return any(endpoint["id"] == id for endpoint in _listed(account))


def _listed(account: StripeAccount) -> list[dict[str, Any]]:
    # What happens on a connected account Stripe tells to its platform.
    with stripe_for(account.alias, as_platform=True) as client:
        listed = client.v1.webhook_endpoints.list({"limit": 100})
        return [answer.data for answer in rows_of(listed)]


def _ours(
    endpoints: list[dict[str, Any]], account: StripeAccount, url: str
) -> dict[str, Any] | None:
    # Neither the version of an endpoint nor whose events it gets can be changed; an
    # endpoint of another kind is another one. One made by hand is taken as it is.
    return next(
        (
            endpoint
            for endpoint in endpoints
            if endpoint["url"] == url
            and endpoint["api_version"] == API_VERSION
            and _is_of_our_kind(endpoint["metadata"], account)
        ),
        None,
    )


def _is_of_our_kind(metadata: dict[str, str], account: StripeAccount) -> bool:
    is_for_connect = metadata.get("connect") == "true"
    is_by_hand = metadata.get("managed_by") != MANAGER
    return is_by_hand or is_for_connect == bool(account.connected_account)


def _params(account: StripeAccount, plan: Endpoint) -> Params:
    params: Params = {
        "url": plan.url,
        "enabled_events": list(plan.events),
        "api_version": API_VERSION,
        "description": MANAGER,
        "metadata": {"managed_by": MANAGER},
    }
    if account.connected_account:
        params["connect"] = True
        params["metadata"]["connect"] = "true"
    if account.is_sandbox and account.webhook_secrets:
        # The sandbox lets its secret be chosen, so that settings can know it before.
        params["metadata"]["sandbox_secret"] = account.webhook_secrets[0]
    return params
