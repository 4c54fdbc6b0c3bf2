"""Two ways into the sandbox, each with a note of what went through it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from urllib.parse import urlsplit

import stripe
from django.db import transaction

from tests.tools.sources import ROOT
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
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[Any, int, Mapping[str, str]]:
        body, status, answered = self.http.request(method, url, headers, post_data)
        if status == 200:
            self.served.add((method.upper(), urlsplit(url).path))
        return body, status, answered

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
    with serving() as origin:
        yield lambda name: Visitor(name, stripe.RequestsClient(), origin)


@contextmanager
def serving() -> Iterator[str]:
    """A sandbox of its own, in a process of its own; where it answers."""
    command = [sys.executable, "-m", "django", "stripe_sandbox", "--port=0", "--fresh"]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(ROOT),
    }
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        found = re.search(r"http://[\d.:]+", process.stdout.readline())
        assert found is not None
        yield found[0]
        process.terminate()
