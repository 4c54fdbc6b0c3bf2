from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import Any


def second_of(headers: Any) -> int:
    """When Stripe answered (Unix, Stripe's clock), from the answer's headers."""
    served = headers.get("Date") or headers.get("date")
    return int(parsedate_to_datetime(served).timestamp() if served else time.time())
