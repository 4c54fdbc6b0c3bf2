"""One client per call, and answers with the seconds they were true in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import stripe
from django.utils.module_loading import import_string

from .. import __version__
from ..conf import conf
from ..exceptions import BillingNotConfigured
from .accounts import StripeAccount, account_by_alias
from .clock import TimedClient, second_before, second_of
from .errors import translated
from .versions import API_VERSION

# Telemetry would write a file into the home directory of the site's user.
stripe.enable_telemetry = False
stripe.set_app_info("wagtail-billing-portal", version=__version__)


#: What a call of Stripe's takes, built in parts; the SDK's own types know the whole.
Params = Any


@dataclass(frozen=True)
class Answer:
    """Stripe's JSON as served, and when it was true (Unix seconds, Stripe's clock).

    That was at some moment between asking and answering, from ``since`` to ``as_of``.
    """

    data: dict[str, Any]
    as_of: int
    #: ``None`` where the answer took no time.
    since: int | None = None
    #: The same request was answered before; since then anything may have happened.
    is_replayed: bool = False


@contextmanager
def stripe_for(
    alias: str, *, as_platform: bool = False
) -> Iterator[stripe.StripeClient]:
    """Talk to the Stripe account called ``alias``; SDK errors leave as our own.

    For a connected account ``as_platform`` talks to its platform instead. Raises
    ``StripeUnavailable``, ``StripeRefused``, ``PaymentDeclined`` or
    ``BillingNotConfigured``.
    """
    account = account_by_alias(alias)
    with translated():
        yield _client_of(account, None if as_platform else account.connected_account)


def answer_of(result: Any) -> Answer:
    """What Stripe answered, apart from the SDK's types."""
    response = result.last_response
    if response.headers.get("Idempotent-Replayed") == "true":
        # The body is as old as the first answer, only the headers are new.
        made = response.data.get("created") or 1
        return Answer(data=response.data, as_of=made, is_replayed=True)
    return Answer(
        data=response.data,
        as_of=second_of(response.headers),
        since=second_before(response.headers),
    )


@dataclass(frozen=True)
class _Recast:
    last_response: Any
    has_more: bool = False


def recast(result: Any, data: dict[str, Any]) -> Any:
    """What the SDK answered, with ``data`` made of it in place of its JSON."""
    headers = result.last_response.headers
    return _Recast(SimpleNamespace(headers=headers, data=data))


def rows_of(result: Any) -> Iterator[Answer]:
    """Every object of a list, page by page, each with its page's seconds."""
    page = result
    while True:
        yield from rows_of_page(page)
        if not page.has_more:
            return
        page = page.next_page()


def rows_of_page(page: Any) -> list[Answer]:
    """The objects of one page of a list, each with the page's seconds."""
    answer = answer_of(page)
    return [replace(answer, data=data) for data in answer.data["data"]]


def complete_lists(client: stripe.StripeClient, data: dict[str, Any]) -> None:
    """Fetch the rest of the lists that Stripe truncated inside ``data``."""
    for nested in data.values():
        if isinstance(nested, dict) and nested.get("object") == "list":
            while nested["has_more"] and nested["data"]:
                page = client.raw_request(
                    "get",
                    nested["url"],
                    limit=100,
                    starting_after=nested["data"][-1]["id"],
                ).data
                nested["data"] += page["data"]
                nested["has_more"] = page["has_more"]


def _client_of(account: StripeAccount, acts_for: str | None) -> stripe.StripeClient:
    return stripe.StripeClient(
        account.secret_key,
        stripe_account=acts_for,
        stripe_version=API_VERSION,
        # None would mean no retries at all.
        max_network_retries=conf.MAX_NETWORK_RETRIES,
        base_addresses={"api": conf.API_BASE.rstrip("/")} if conf.API_BASE else {},
        http_client=TimedClient(_http_client(account)),
    )


def _http_client(account: StripeAccount) -> stripe.HTTPClient:
    if account.is_live and (conf.TRANSPORT or conf.API_BASE):
        raise BillingNotConfigured(
            f"The Stripe account {account.alias!r} has a live key, but TRANSPORT or "
            "API_BASE does not lead to Stripe. Remove them, or use a test key."
        )
    if conf.TRANSPORT:
        client: stripe.HTTPClient = import_string(conf.TRANSPORT)()
        return client
    if account.is_sandbox and not conf.API_BASE:
        raise BillingNotConfigured(
            f"The key of the Stripe account {account.alias!r} opens the sandbox only. "
            "Set TRANSPORT to the sandbox's, or use a key of your Stripe account."
        )
    return _requests_client(conf.TIMEOUT)


@lru_cache(maxsize=4)
def _requests_client(timeout: tuple[float, float]) -> stripe.HTTPClient:
    # Keeps one connection pool per thread, so it may be shared.
    return stripe.RequestsClient(timeout=timeout)
