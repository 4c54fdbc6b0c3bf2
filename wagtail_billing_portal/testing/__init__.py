"""The sandbox as fixtures: ``pytest_plugins = ["wagtail_billing_portal.testing.plugin"]``."""

from .shop import Shop
from .stripe_side import ASKS_THE_BANK, DECLINED, PAYS, StripeSide

__all__ = ["ASKS_THE_BANK", "DECLINED", "PAYS", "Shop", "StripeSide"]
