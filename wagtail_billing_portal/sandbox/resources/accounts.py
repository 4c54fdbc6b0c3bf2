from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox import connect, store
from wagtail_billing_portal.sandbox.billing.fields import assign, merge_metadata
from wagtail_billing_portal.sandbox.connect import KIND
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

_LABELS = ("business_type", "default_currency", "email")


@operation("POST", "/v1/accounts", handles={*_LABELS, "country", "metadata", "type"})
def create_account(world: World, params: Json) -> Json:
    """Another shop that this one may act for, by the ``Stripe-Account`` header."""
    account = {
        **blank(world.new_id("acct_")[:21]),
        "country": params.get("country", "US"),
        "created": world.now,
        "type": params.get("type", "standard"),
    }
    _write(account, params)
    return world.add(account)


@operation("GET", "/v1/accounts/{account}")
def retrieve_account_by_id(world: World, params: Json, account: str) -> Json:
    if account == world.account:
        return _own(account)
    return world.get(KIND, account)


@operation("POST", "/v1/accounts/{account}", handles={*_LABELS, "metadata"})
def update_account(world: World, params: Json, account: str) -> Json:
    stored = world.get(KIND, account)
    _write(stored, params)
    return world.save(stored, "account.updated")


@operation("DELETE", "/v1/accounts/{account}")
def delete_account(world: World, params: Json, account: str) -> Json:
    """Let go of an account: nobody can act for it any more."""
    return world.delete(world.get(KIND, account))


@operation("GET", "/v1/accounts")
def list_accounts(world: World, params: Json) -> Json:
    return world.list(KIND, params)


@operation("GET", "/v1/account")
def retrieve_account(world: World, params: Json) -> Json:
    """Whose key this is, or which connected account the request is for."""
    return _own(world.account)


def blank(account: str) -> Json:
    """An account of which nobody said anything."""
    return {
        **skeleton(KIND),
        "id": account,
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "controller": {"type": "account"},
        "country": "US",
        "created": 0,
        "default_currency": "usd",
        "details_submitted": True,
        "metadata": {},
        "payouts_enabled": True,
        "type": "standard",
    }


def _own(account: str) -> Json:
    """What is known of an account: what its platform wrote down, if it has one."""
    platform = connect.platform_of(account)
    stored = store.row(platform, KIND, account) if platform else None
    return stored.data if stored else blank(account)


def _write(account: Json, params: Json) -> None:
    assign(account, params, _LABELS)
    merge_metadata(account, params)
