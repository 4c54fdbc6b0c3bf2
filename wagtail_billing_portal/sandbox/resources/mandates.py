from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import mandates
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation("GET", "/v1/mandates/{mandate}")
def retrieve_mandate(world: World, params: Json, mandate: str) -> Json:
    return world.get(mandates.KIND, mandate)
