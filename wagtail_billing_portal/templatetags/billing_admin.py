from __future__ import annotations

from django import template

from ..models import PortalSettings
from ..policies.hosted_plans import Difference
from ..policies.hosted_rules import differences_of

register = template.Library()


@register.filter
def stripe_page_differences(settings: PortalSettings) -> list[Difference]:
    """Where Stripe's own page can't do what the site's portal does."""
    return differences_of(settings)
