"""What customers may use. Stripe tells it by customer, and gives the whole no id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..gateway import recast, rows_of
from ..models import (
    ActiveEntitlement,
    EntitlementFeature,
    EntitlementSummary,
    Subscription,
)
from ..models.subscriptions import TERMINAL
from .family import Children, Family, Json, Wanted


def _feature_columns(data: Json) -> Json:
    return {
        "name": data.get("name") or "",
        "lookup_key": data.get("lookup_key") or "",
        "active": bool(data.get("active")),
    }


def _entries(data: Json) -> list[Json]:
    entries: list[Json] = (data.get("entitlements") or {}).get("data") or []
    return entries


def _features(data: Json) -> Wanted:
    return {
        FEATURES.name: {it["feature"] for it in _entries(data) if it.get("feature")}
    }


def _entitlement(
    summary: EntitlementSummary, entry: Json, position: int
) -> ActiveEntitlement:
    return ActiveEntitlement(
        id=entry["id"],
        summary=summary,
        feature_id=entry.get("feature"),
        lookup_key=entry.get("lookup_key") or "",
    )


def _retrieve_summary(client: Any, customer: str) -> Any:
    """Made of Stripe's list, in the form that its event has."""
    listed = client.v1.entitlements.active_entitlements.list(
        {"customer": customer, "limit": 100}
    )
    entries = [answer.data for answer in rows_of(listed)]
    nested = {"object": "list", "data": entries, "has_more": False, "url": ""}
    summary = {
        "id": customer,
        "object": EntitlementSummary.stripe_object,
        "customer": customer,
        "entitlements": nested,
        "livemode": any(entry["livemode"] for entry in entries),
    }
    return recast(listed, summary)


def _list_summary(client: Any, params: Json) -> Any:
    found = _retrieve_summary(client, params["customer"])
    return recast(found, {"object": "list", "data": [found.last_response.data]})


def _scopes(alias: str) -> Iterator[Json]:
    # Only subscriptions entitle, and only where there is anything to be entitled to.
    if EntitlementFeature.objects.on_account(alias).exists():
        running = Subscription.objects.existing().on_account(alias)
        customers = running.exclude(status__in=TERMINAL).order_by("customer")
        for customer in customers.values_list("customer", flat=True).distinct():
            yield {"customer": customer}


FEATURES = Family(
    model=EntitlementFeature,
    # Stripe tells nothing of them; they come with those who are entitled.
    events=(),
    columns=_feature_columns,
    retrieve=lambda client, id: client.v1.entitlements.features.retrieve(id),
    list=lambda client, params: client.v1.entitlements.features.list(params),
    lists_by_creation=False,
)

ENTITLEMENT_SUMMARIES = Family(
    model=EntitlementSummary,
    events=("entitlements.active_entitlement_summary.updated",),
    columns=lambda data: {},
    id_of=lambda data: data["customer"],
    references={"customer": lambda data: data.get("customer")},
    child_references=_features,
    children=Children(ActiveEntitlement, _entries, _entitlement),
    retrieve=_retrieve_summary,
    list=_list_summary,
    scopes=_scopes,
    lists_by_creation=False,
)
