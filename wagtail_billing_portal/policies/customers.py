from __future__ import annotations

from ..models import Feature
from .base import Asker, Decision, feature_is_offered, first_denial, may_act


def may_open_hosted_portal(asker: Asker) -> Decision:
    """Go on in Stripe's own portal, where everything it offers can be changed."""
    return first_denial(
        feature_is_offered(asker, Feature.HOSTED_PORTAL), may_act(asker)
    )
