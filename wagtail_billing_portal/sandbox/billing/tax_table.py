"""What automatic tax takes in each country: a fixed table instead of a tax engine."""

from __future__ import annotations

import hashlib

from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import ResourceMissing
from wagtail_billing_portal.sandbox.world import World

# Standard rates, in per cent. A seller collects nowhere else.
RATES = {
    "AT": "20",
    "AU": "10",
    "BE": "21",
    "BG": "20",
    "CA": "5",
    "CH": "8.1",
    "CY": "19",
    "CZ": "21",
    "DE": "19",
    "DK": "25",
    "EE": "24",
    "ES": "21",
    "FI": "25.5",
    "FR": "20",
    "GB": "20",
    "GR": "24",
    "HR": "25",
    "HU": "27",
    "IE": "23",
    "IS": "24",
    "IT": "22",
    "JP": "10",
    "LI": "8.1",
    "LT": "21",
    "LU": "17",
    "LV": "21",
    "MT": "18",
    "NL": "21",
    "NO": "25",
    "NZ": "15",
    "PL": "23",
    "PT": "23",
    "RO": "21",
    "SE": "25",
    "SG": "9",
    "SI": "22",
    "SK": "23",
    "ZA": "15",
}
_GST = {"AU", "CA", "NZ", "SG"}


def rate_for(world: World, country: str, *, inclusive: bool) -> Json:
    """The rate of a country, kept as Stripe keeps those that it makes by itself."""
    name = f"{world.account} {country} {inclusive}"
    rate_id = "txr_" + hashlib.sha256(name.encode()).hexdigest()[:24]
    try:
        return world.get("tax_rate", rate_id)
    except ResourceMissing:
        return world.add(_rate(world, rate_id, country, inclusive=inclusive))


def _rate(world: World, rate_id: str, country: str, *, inclusive: bool) -> Json:
    kind = "gst" if country in _GST else "jct" if country == "JP" else "vat"
    percentage = float(RATES.get(country, "0"))
    return {
        **skeleton("tax_rate"),
        "id": rate_id,
        "active": False,
        "country": country,
        "created": world.now,
        "display_name": kind.upper(),
        "effective_percentage": percentage,
        "inclusive": inclusive,
        "jurisdiction": country,
        "jurisdiction_level": "country",
        "percentage": percentage,
        "rate_type": "percentage",
        "tax_type": kind,
    }
