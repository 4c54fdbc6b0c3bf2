from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import stripe
from requests.structures import CaseInsensitiveDict

from .dispatch import handle


class SandboxTransport(stripe.HTTPClient):
    """Answers Stripe's own client in this process: same requests, no network."""

    name = "sandbox"

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        """Answer a request inside the caller's own database transaction."""
        answer = handle(method, url, headers, post_data)
        return answer.body, answer.status, CaseInsensitiveDict(answer.headers)

    def close(self) -> None:
        """Nothing is open."""
