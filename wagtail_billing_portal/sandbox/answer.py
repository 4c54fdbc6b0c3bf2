from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from .errors import SandboxError
from .rendering import render

LOGS = "https://dashboard.stripe.com/test/logs/"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer of the sandbox."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, obj: dict[str, Any]) -> Answer:
        """A Stripe object, served."""
        return cls(200, render(obj))

    @classmethod
    def refusing(cls, error: SandboxError, request: str | None = None) -> Answer:
        """An error in Stripe's words; ``request`` is the id under which it is logged."""
        log_url = f"{LOGS}{request}" if request else None
        return cls(error.status, render(error.body(log_url)), dict(error.headers))

    def with_headers(self, **headers: str) -> Answer:
        """The same with more headers; underscores in names stand for dashes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})
