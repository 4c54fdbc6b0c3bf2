"""Stripe's clock, which tells seconds and nothing finer, as its answers show it."""

from __future__ import annotations

import math
import time
from email.utils import parsedate_to_datetime
from typing import Any

import stripe
from requests.structures import CaseInsensitiveDict

#: Put on an answer by us: the seconds from asking for it until it was here.
TOOK = "Billing-Portal-Took"


class TimedClient(stripe.HTTPClient):
    """Another client, that also says how long each answer took, repeats included."""

    name = "timed"

    def __init__(self, client: stripe.HTTPClient) -> None:
        super().__init__()
        self._client = client

    def request_with_retries(
        self, *args: Any, **kwargs: Any
    ) -> tuple[str, int, CaseInsensitiveDict[str]]:
        """Ask, and look at the clock before and after."""
        began = time.monotonic()
        body, status, headers = self._client.request_with_retries(*args, **kwargs)
        took = {TOOK: str(time.monotonic() - began)}
        return body, status, CaseInsensitiveDict({**headers, **took})

    def close(self) -> None:
        """Close the other client."""
        self._client.close()  # type: ignore[no-untyped-call]


def second_of(headers: Any) -> int:
    """When Stripe answered (Unix, Stripe's clock), from the answer's headers."""
    served = headers.get("Date") or headers.get("date")
    return int(parsedate_to_datetime(served).timestamp() if served else time.time())


def second_before(headers: Any) -> int:
    """The first second of Stripe's clock in which an answer may have been true.

    It was so at some moment after it was asked for; and whatever part of its second
    had passed when it was answered, that was no earlier.
    """
    return math.floor(second_of(headers) - float(headers.get(TOOK) or 0))
