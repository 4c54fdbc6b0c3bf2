"""Stripe's API as the installed SDK's own types describe it.

Relies on the SDK's private module layout, so it stays inside the sandbox.
"""

from __future__ import annotations

from stripe._api_version import _ApiVersion

from .resources import skeleton

API_VERSION: str = _ApiVersion.CURRENT

__all__ = ["API_VERSION", "skeleton"]
