"""The one typed door to ``settings.WAGTAIL_BILLING_PORTAL``, read at call time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.conf import settings

T = TypeVar("T")


class BillingConf:
    """Every key of ``settings.WAGTAIL_BILLING_PORTAL``."""

    def _get(self, name: str, default: T) -> T:
        value: T = getattr(settings, "WAGTAIL_BILLING_PORTAL", {}).get(name, default)
        return value

    @property
    def ACCOUNTS(self) -> Mapping[str, Mapping[str, Any]]:
        """Stripe accounts by alias: keys, webhook secrets, connected account."""
        return self._get("ACCOUNTS", {})

    @property
    def TRANSPORT(self) -> str | None:
        """Dotted path to a ``stripe.HTTPClient`` class; ``None`` talks to Stripe."""
        return self._get("TRANSPORT", None)

    @property
    def API_BASE(self) -> str | None:
        """Another address for Stripe's API, such as a sandbox started by itself."""
        return self._get("API_BASE", None)

    @property
    def STRIPE_JS(self) -> str:
        """Where Stripe's script for browsers comes from: Stripe, or the sandbox."""
        return self._get("STRIPE_JS", "https://js.stripe.com/endive/stripe.js")

    @property
    def TIMEOUT(self) -> tuple[float, float]:
        """Seconds to wait for Stripe to accept a connection, and to answer."""
        return self._get("TIMEOUT", (3.05, 20.0))

    @property
    def MAX_NETWORK_RETRIES(self) -> int:
        """How often a call to Stripe is repeated after a network fault."""
        return self._get("MAX_NETWORK_RETRIES", 2)

    @property
    def ADAPTER(self) -> str:
        """Dotted path to the class that answers the questions a site decides."""
        return self._get(
            "ADAPTER", "wagtail_billing_portal.adapter.DefaultBillingAdapter"
        )

    @property
    def LAYOUT_TEMPLATE(self) -> str:
        """The template that portal pages extend; it has a block ``content``."""
        return self._get("LAYOUT_TEMPLATE", "wagtail_billing_portal/layouts/base.html")

    @property
    def INVOICES_PER_PAGE(self) -> int:
        """How many invoices a page of the invoice list shows."""
        return self._get("INVOICES_PER_PAGE", 12)

    @property
    def WEBHOOK_TOLERANCE(self) -> int:
        """Seconds that a webhook's signature may be old, or ahead of our clock."""
        return self._get("WEBHOOK_TOLERANCE", 300)

    @property
    def WEBHOOK_MAX_BYTES(self) -> int:
        """Bodies above this many bytes are refused before they are read."""
        return self._get("WEBHOOK_MAX_BYTES", 1_000_000)

    @property
    def EVENT_RETENTION_DAYS(self) -> int:
        """Days after which ``billing_prune`` forgets events that were applied."""
        return self._get("EVENT_RETENTION_DAYS", 90)


conf = BillingConf()
