"""A network that is down, for what the portal says then."""

from __future__ import annotations

from typing import Any

import stripe


class Unplugged(stripe.HTTPClient):
    """Reaches nobody."""

    name = "unplugged"

    def request(self, *args: Any, **kwargs: Any) -> Any:
        raise stripe.APIConnectionError("The cable is out.")

    def close(self) -> None:
        """Nothing was open."""
