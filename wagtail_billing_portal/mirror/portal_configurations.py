from __future__ import annotations

from ..models import PortalConfiguration
from .family import Family, Json


def _columns(data: Json) -> Json:
    return {
        "active": bool(data.get("active")),
        "is_default": bool(data.get("is_default")),
    }


PORTAL_CONFIGURATIONS = Family(
    model=PortalConfiguration,
    events=(
        "billing_portal.configuration.created",
        "billing_portal.configuration.updated",
    ),
    columns=_columns,
    retrieve=lambda client, id: client.v1.billing_portal.configurations.retrieve(id),
    list=lambda client, params: client.v1.billing_portal.configurations.list(params),
    lists_by_creation=False,
)
