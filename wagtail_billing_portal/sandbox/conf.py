from __future__ import annotations

import sys
from typing import Any

from django.conf import settings

IN_PROCESS = "in_process"
HTTP = "http"
MANUAL = "manual"


class SandboxConf:
    """Every key of ``settings.WAGTAIL_BILLING_SANDBOX``, read at call time."""

    def _get(self, name: str, default: Any) -> Any:
        return getattr(settings, "WAGTAIL_BILLING_SANDBOX", {}).get(name, default)

    def change(self, **values: Any) -> None:
        """Set keys for this process, for which the settings are only a default."""
        own = getattr(settings, "WAGTAIL_BILLING_SANDBOX", {})
        settings.WAGTAIL_BILLING_SANDBOX = {**own, **values}

    @property
    def BASE_URL(self) -> str:
        """Where the sandbox's pages are mounted, without a slash at the end."""
        url: str = self._get("BASE_URL", "http://127.0.0.1:8000/stripe-sandbox")
        return url.rstrip("/")

    @property
    def DELIVERY(self) -> str:
        """How events reach webhook endpoints: in_process, http or manual."""
        mode: str = self._get("DELIVERY", IN_PROCESS)
        return mode

    @property
    def BUSINESS_NAME(self) -> str:
        """Whom the sandbox's pages and invoices name as the seller."""
        name: str = self._get("BUSINESS_NAME", "")
        return name

    @property
    def STRICT(self) -> bool:
        """Check every answer against the SDK's own types before it leaves."""
        strict: bool = self._get("STRICT", True)
        return strict

    @property
    def WITHOUT_DEBUG(self) -> bool:
        """Answer although DEBUG is off, as on a machine that shows a demo."""
        allowed: bool = self._get("WITHOUT_DEBUG", False)
        return allowed

    @property
    def is_open(self) -> bool:
        """Whether the sandbox answers at all: never on a site that is at work."""
        return settings.DEBUG or self.WITHOUT_DEBUG or _is_under_test()


def _is_under_test() -> bool:
    """Whether a test runner, which turns DEBUG off, has prepared this process.

    An outbox would not tell: a site at work has one, too, if it keeps its mail in
    memory. What is not even imported has prepared nothing.
    """
    utils = sys.modules.get("django.test.utils")
    return hasattr(getattr(utils, "_TestState", None), "saved_data")


conf = SandboxConf()
