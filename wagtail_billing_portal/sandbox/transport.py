from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import stripe
from requests.structures import CaseInsensitiveDict

from .dispatch import handle
from .faults import ConnectionLost

# The SDK leaves its constructor untyped.
_no_answer: Any = stripe.APIConnectionError


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
        try:
            answer = handle(method, url, headers, post_data)
        except ConnectionLost as lost:
            raise _no_answer(str(lost), should_retry=True) from lost
        return answer.body, answer.status, CaseInsensitiveDict(answer.headers)

    def close(self) -> None:
        """Nothing is open."""
