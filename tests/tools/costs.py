"""What a page asks: of the database, and of Stripe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.test import override_settings

from wagtail_billing_portal.sandbox.transport import SandboxTransport


class Cost:
    """Counts the portal's own statements, and keeps its requests to Stripe."""

    def __init__(self) -> None:
        self.statements = 0
        self.requests: list[str] = []
        self.bodies: list[str] = []
        #: What the sandbox reads and writes meanwhile happens at Stripe.
        self.is_at_stripe = False

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.statements += not self.is_at_stripe
        return execute(*args)


class WatchedTransport(SandboxTransport):
    """The sandbox, which writes down what it is asked."""

    PATH: ClassVar[str] = f"{__name__}.WatchedTransport"
    cost: ClassVar[Cost] = Cost()

    def request(
        self, method: str, url: str, headers: Any, post_data: Any = None, **kwargs: Any
    ) -> Any:
        self.cost.requests.append(f"{method.upper()} {urlsplit(url).path}")
        self.cost.bodies.append(str(post_data))
        self.cost.is_at_stripe = True
        try:
            return super().request(method, url, headers, post_data, **kwargs)
        finally:
            self.cost.is_at_stripe = False


@contextmanager
def watched() -> Iterator[Cost]:
    """What the block asks."""
    cost = WatchedTransport.cost = Cost()
    there = {"TRANSPORT": WatchedTransport.PATH}
    with (
        override_settings(
            WAGTAIL_BILLING_PORTAL=settings.WAGTAIL_BILLING_PORTAL | there
        ),
        connection.execute_wrapper(cost),
    ):
        yield cost
