"""The sandbox as fixtures: ``pytest_plugins = ["wagtail_billing_portal.testing.plugin"]``."""

from .stripe_side import StripeSide

__all__ = ["StripeSide"]
