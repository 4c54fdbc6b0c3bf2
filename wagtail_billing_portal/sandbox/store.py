"""Rows in, rows out: the only module that queries the table of objects."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, QuerySet

from .models import StoredObject

Json = dict[str, Any]

PRIVATE = "_sandbox"
COLUMNS = ("customer", "subscription", "invoice", "status")
LOOKUPS = {
    "id": "object_id",
    "test_clock": "test_clock",
    **{name: name for name in COLUMNS},
}


def public(value: Any) -> Any:
    """A deep copy without anything that Stripe would not show."""
    if isinstance(value, dict):
        return {key: public(item) for key, item in value.items() if key != PRIVATE}
    if isinstance(value, list):
        return [public(item) for item in value]
    return value


def plain(obj: Json) -> Json:
    """A deep copy as it will come back from the database: decimals are texts."""
    copy: Json = json.loads(json.dumps(obj, cls=DjangoJSONEncoder))
    return copy


def rows(account: str, kind: str, **equals: Any) -> QuerySet[StoredObject]:
    """Living objects, newest first; a list of values means any of them."""
    found = StoredObject.objects.filter(account=account, kind=kind, deleted=False)
    for field, value in equals.items():
        found = found.filter(**_condition(field, value))
    return found.order_by("-seq")


def history(account: str, kind: str) -> QuerySet[StoredObject]:
    """Every object there ever was of a kind."""
    return StoredObject.objects.filter(account=account, kind=kind)


def row(account: str, kind: str, object_id: str) -> StoredObject | None:
    """The row of one object, deleted ones included."""
    return StoredObject.objects.filter(
        account=account, kind=kind, object_id=object_id
    ).first()


def insert(account: str, obj: Json, *, now: int, test_clock: str = "") -> StoredObject:
    """Write a new object down."""
    return StoredObject.objects.create(
        account=account,
        kind=obj["object"],
        object_id=obj["id"],
        created=obj.get("created") or now,
        test_clock=test_clock,
        **_columns(obj),
    )


def ensure(account: str, obj: Json) -> None:
    """Write an object down unless it is there already, whoever is first."""
    StoredObject.objects.get_or_create(
        account=account,
        kind=obj["object"],
        object_id=obj["id"],
        defaults={"created": 0, **_columns(obj)},
    )


def write(stored: StoredObject, obj: Json) -> None:
    """Replace what is stored of an object."""
    for column, value in _columns(obj).items():
        setattr(stored, column, value)
    stored.save(update_fields=["data", "due_at", "test_clock", *COLUMNS])


def next_due(account: str, until: int, *, test_clock: str) -> StoredObject | None:
    """The object whose time came first on a clock, if any has come by ``until``."""
    return (
        StoredObject.objects.filter(
            account=account,
            test_clock=test_clock,
            due_at__lte=until,
            due_at__isnull=False,
            deleted=False,
        )
        .order_by("due_at", "seq")
        .first()
    )


def of_kinds(account: str, kinds: tuple[str, ...]) -> QuerySet[StoredObject]:
    """The living objects of a few kinds."""
    return StoredObject.objects.filter(account=account, kind__in=kinds, deleted=False)


def test_clocks_of(account: str, ids: set[str]) -> dict[str, str]:
    """On which test clock each of some objects is; those on none are left out."""
    found = StoredObject.objects.filter(account=account, object_id__in=ids)
    return dict(found.exclude(test_clock="").values_list("object_id", "test_clock"))


def put_on_test_clock(account: str, customer: str, test_clock: str) -> None:
    """Let a test clock rule everything that a customer has."""
    owned = models.Q(customer=customer) | models.Q(object_id=customer, kind="customer")
    StoredObject.objects.filter(owned, account=account).update(test_clock=test_clock)


def account_of(kind: str, object_id: str) -> str | None:
    """The account that holds an object; ids are unguessable and so unique."""
    return (
        StoredObject.objects.filter(kind=kind, object_id=object_id)
        .values_list("account", flat=True)
        .first()
    )


def lock(account: str, kind: str, object_id: str) -> bool:
    """Hold a row until the transaction ends, by writing to it.

    A write, not ``select_for_update``: on SQLite it takes the database's write
    lock first, so a transaction never has to upgrade from reading to writing.
    """
    held = StoredObject.objects.filter(account=account, kind=kind, object_id=object_id)
    return held.update(created=F("created")) > 0


def _columns(obj: Json) -> Json:
    columns: Json = {name: _reference(obj, name) for name in COLUMNS}
    return {
        **columns,
        "data": obj,
        "due_at": obj.get(PRIVATE, {}).get("due_at"),
    }


def _reference(obj: Json, name: str) -> str:
    value = obj.get(name)
    if value is None and name == "subscription":
        parent = obj.get("parent") or {}
        value = (parent.get("subscription_details") or {}).get("subscription")
    return value if isinstance(value, str) else ""


def _condition(field: str, value: Any) -> Json:
    lookup = LOOKUPS.get(field, f"data__{field}")
    if isinstance(value, list | tuple | set | frozenset):
        return {f"{lookup}__in": list(value)}
    if field in LOOKUPS and value is None:
        return {lookup: ""}
    return {lookup: value}
