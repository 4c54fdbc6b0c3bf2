"""Two ways into the sandbox, each with a note of what went through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from urllib.parse import urlsplit

import stripe
from django.db import transaction

from tests.tools.sandbox_process import sandbox_process
from wagtail_billing_portal.sandbox import routing
from wagtail_billing_portal.sandbox.transport import SandboxTransport

Walked = set[tuple[str, str]]
Visit = Callable[[str], "Visitor"]
Door = Callable[[], AbstractContextManager[Visit]]


class Visitor:
    """Stripe's own client, and the operations that it has called so far."""

    def __init__(
        self, name: str, http: stripe.HTTPClient, base: str | None = None
    ) -> None:
        self._notes = _Notes(http)
        addresses = {"base_addresses": {"api": base}} if base else {}
        # A key opens a world of its own: no chapter sees what another left behind.
        self.client = stripe.StripeClient(
            f"sk_test_sandbox_tour_{name}", http_client=self._notes, **addresses
        )

    @property
    def walked(self) -> Walked:
        """The operations that answered with success."""
        found = [routing.match(*request) for request in self._notes.served]
        return {(op.method, op.path) for op, _ in filter(None, found)}


class _Notes(stripe.HTTPClient):
    name = "notes"

    def __init__(self, http: stripe.HTTPClient) -> None:
        super().__init__()
        self.http = http
        self.served: set[tuple[str, str]] = set()

    def request(
        self, method: str, url: str, *args: Any, **kwargs: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        answer = self.http.request(method, url, *args, **kwargs)
        _, status, _ = answer
        if status == 200:
            self.served.add((method.upper(), urlsplit(url).path))
        return answer

    def close(self) -> None:
        self.http.close()


@contextmanager
def in_process() -> Iterator[Visit]:
    with transaction.atomic():
        yield lambda name: Visitor(name, SandboxTransport())
        transaction.set_rollback(True)


@contextmanager
def another_process() -> Iterator[Visit]:
    """Over HTTP, to a server that shares nothing with this process."""
    with sandbox_process() as (_, origin):
        yield lambda name: Visitor(name, stripe.RequestsClient(), origin)
