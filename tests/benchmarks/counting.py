"""How much a piece of work asks of the database and of Stripe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import stripe
from django.conf import settings
from django.db import connection
from django.test import override_settings

#: Beginning and ending a transaction is not counted: PostgreSQL's driver does it by
#: itself. Savepoints are.
UNCOUNTED = ("BEGIN", "COMMIT")


class Count:
    """Counts the statements that go to the database."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        self.number += not sql.startswith(UNCOUNTED)
        return execute(sql, *rest)


@contextmanager
def counted() -> Iterator[Count]:
    """Count the statements of this process in the block."""
    count = Count()
    with connection.execute_wrapper(count):
        yield count


class CountingClient(stripe.RequestsClient):
    """Stripe's own client, which keeps the addresses that it was asked to call."""

    PATH: ClassVar[str] = f"{__name__}.CountingClient"
    asked: ClassVar[list[str]] = []

    def request(self, method: str, url: str, *rest: Any, **named: Any) -> Any:
        """Remember the address and go on."""
        self.asked.append(f"{method} {url}")
        return super().request(method, url, *rest, **named)


@contextmanager
def talking_to(stripe: str) -> Iterator[None]:
    """Let this process's portal call a sandbox, and count that."""
    there = {"TRANSPORT": CountingClient.PATH, "API_BASE": stripe}
    with override_settings(
        WAGTAIL_BILLING_PORTAL=settings.WAGTAIL_BILLING_PORTAL | there
    ):
        yield
