"""What is missing is said before the first visitor comes."""

from __future__ import annotations

from typing import Any

import pytest

from wagtail_billing_portal.checks import (
    check_accounts,
    check_cache,
    check_dotted_paths,
)
from wagtail_billing_portal.exceptions import BillingNotConfigured
from wagtail_billing_portal.gateway import account_by_alias, stripe_for

GOOD = {"SECRET_KEY": "sk_test_sandbox_x", "WEBHOOK_SECRETS": ["whsec_x"]}
OTHER = {**GOOD, "SECRET_KEY": "sk_test_sandbox_y"}
TO_THE_SANDBOX = "wagtail_billing_portal.sandbox.transport.SandboxTransport"


def configure(settings: Any, **values: Any) -> None:
    settings.WAGTAIL_BILLING_PORTAL = values


def ids(messages: list[Any]) -> list[str]:
    return [message.id.rpartition(".")[2] for message in messages]


@pytest.mark.parametrize(
    ("accounts", "found"),
    [
        pytest.param({}, ["E001"], id="no account"),
        pytest.param({"default": {}}, ["E002"], id="no key"),
        pytest.param(
            {"default": {"SECRET_KEY": "sk_test_x"}}, ["W001"], id="no secret"
        ),
        pytest.param({"default": {**GOOD, "SECRET_KEY": "sk_live_x"}}, [], id="live"),
        pytest.param({"default": GOOD, "uk": OTHER}, [], id="all there"),
        pytest.param({"default": GOOD, "uk": GOOD}, ["E005"], id="one twice"),
        pytest.param({"the uk": GOOD}, ["E006"], id="no slug"),
        pytest.param(
            {"default": GOOD, "uk": {**GOOD, "STRIPE_ACCOUNT": "acct_uk"}},
            [],
            id="connected",
        ),
    ],
)
def test_accounts_are_checked(settings, accounts, found):
    configure(settings, ACCOUNTS=accounts)

    assert ids(check_accounts()) == found


@pytest.mark.parametrize(
    ("backend", "found"),
    [
        ("django.core.cache.backends.locmem.LocMemCache", ["W002"]),
        ("django.core.cache.backends.dummy.DummyCache", ["W002"]),
        ("django.core.cache.backends.redis.RedisCache", []),
    ],
)
def test_tries_are_to_be_counted_in_a_shared_cache(settings, backend, found):
    settings.CACHES = {"default": {"BACKEND": backend}}

    assert ids(check_cache()) == found


@pytest.mark.parametrize(
    "detour", [{"TRANSPORT": TO_THE_SANDBOX}, {"API_BASE": "http://127.0.0.1:12111"}]
)
def test_a_live_key_never_meets_the_sandbox(settings, detour):
    live = {**GOOD, "SECRET_KEY": "sk_live_x"}
    configure(settings, ACCOUNTS={"default": live}, **detour)

    assert ids(check_accounts()) == ["E003"]
    with (
        pytest.raises(BillingNotConfigured, match="live key"),
        stripe_for("default") as client,
    ):
        client.v1.customers.list()


def test_a_sandbox_key_is_not_shown_to_stripe(settings):
    configure(settings, ACCOUNTS={"default": GOOD})

    with (
        pytest.raises(BillingNotConfigured, match="opens the sandbox only"),
        stripe_for("default") as client,
    ):
        client.v1.customers.list()


def test_an_unknown_account_is_named(settings):
    configure(settings, ACCOUNTS={"default": GOOD})

    with (
        pytest.raises(BillingNotConfigured, match="'elsewhere'"),
        stripe_for("elsewhere"),
    ):
        pass


def test_a_path_that_leads_nowhere_is_told(settings):
    configure(settings, ACCOUNTS={"default": GOOD}, ADAPTER="nowhere.Adapter")

    assert ids(check_dotted_paths()) == ["E004"]


def test_no_secret_shows_when_an_account_is_printed():
    printed = repr(account_by_alias("default"))

    assert "sk_test" not in printed
    assert "whsec" not in printed
