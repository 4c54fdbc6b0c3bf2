"""Rows in, rows out: the only module that queries the table of objects."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models import QuerySet
from django.db.models.functions import Cast

from .models import StoredObject

Json = dict[str, Any]

# Written by hand where a simulated year runs through it tens of thousands of times:
# putting a query together takes the ORM ten times as long as the database the query.
# Only names of columns are put into the text, never values.
TABLE = StoredObject._meta.db_table
FIELDS = [field.attname for field in StoredObject._meta.concrete_fields]
_ONE = "WHERE account = %s AND kind = %s AND object_id = %s"
_EXISTS = f"SELECT 1 FROM {TABLE} {_ONE}"  # noqa: S608
_LOCK = f"UPDATE {TABLE} SET created = created {_ONE}"  # noqa: S608
_DUE_AT = f"SELECT due_at FROM {TABLE} WHERE seq = %s AND NOT deleted"  # noqa: S608
_NEXT_DUE = (
    "WHERE account = %s AND test_clock = %s AND due_at <= %s "
    "AND due_at IS NOT NULL AND NOT deleted ORDER BY due_at, seq LIMIT 1"
)

_encoder = DjangoJSONEncoder()

PRIVATE = "_sandbox"
#: So many entries of a list inside another object are shown.
INSIDE = 10
#: A preview has no address of its own; of a subscription Stripe shows all items.
WHOLE = ("/v1/invoices/upcoming_in_", "/v1/subscription_items")
COLUMNS = ("customer", "subscription", "invoice", "status")
LOOKUPS = {
    "id": "object_id",
    "test_clock": "test_clock",
    **{name: name for name in COLUMNS},
}


def public(value: Any, *, is_inside: bool = False) -> Any:
    """A deep copy without anything that Stripe would not show.

    Of a list inside another object that is the first page, unless nothing could be
    asked for the rest.
    """
    if isinstance(value, dict):
        if is_inside and value.get("object") == "list":
            value = _first_page(value)
        return {
            key: public(item, is_inside=True) if isinstance(item, dict | list) else item
            for key, item in value.items()
            if key != PRIVATE
        }
    if isinstance(value, list):
        return [public(item, is_inside=True) for item in value]
    return value


def _first_page(nested: Json) -> Json:
    if len(nested["data"]) <= INSIDE or nested["url"].startswith(WHOLE):
        return nested
    return {**nested, "data": nested["data"][:INSIDE], "has_more": True}


def dumps(obj: Json) -> str:
    """An object as it is written down: decimals are texts."""
    return _encoder.encode(obj)


def rows(account: str, kind: str, **equals: Any) -> QuerySet[StoredObject]:
    """Living objects, newest first; a list of values means any of them."""
    found = StoredObject.objects.filter(account=account, kind=kind, deleted=False)
    for field, value in equals.items():
        found = found.filter(**_condition(field, value))
    return found.order_by("-seq")


def history(account: str, kind: str) -> QuerySet[StoredObject]:
    """Every object there ever was of a kind."""
    return StoredObject.objects.filter(account=account, kind=kind)


def select(account: str, kind: str, **equals: Any) -> list[StoredObject]:
    """What ``rows`` finds, read at once; quick when only columns are asked for."""
    if not all(_is_column(name, value) for name, value in equals.items()):
        return list(rows(account, kind, **equals))
    terms, values = ["account = %s", "kind = %s", "NOT deleted"], [account, kind]
    for name, value in equals.items():
        if not (wanted := _listed(value)):
            return []
        terms.append(f"{LOOKUPS[name]} IN ({', '.join(['%s'] * len(wanted))})")
        values += wanted
    return _read(f"WHERE {' AND '.join(terms)} ORDER BY seq DESC", values)


def mentioning(account: str, kind: str, text: str) -> QuerySet[StoredObject]:
    """Living objects that contain a text; the database looks, nothing is decoded."""
    written = Cast("data", models.TextField())
    return rows(account, kind).annotate(written=written).filter(written__contains=text)


def row(account: str, kind: str, object_id: str) -> StoredObject | None:
    """The row of one object, deleted ones included."""
    found = _read(_ONE, [account, kind, object_id])
    return found[0] if found else None


def exists(account: str, kind: str, object_id: str) -> bool:
    """Whether there is, or was, such an object."""
    with connection.cursor() as cursor:
        cursor.execute(_EXISTS, [account, kind, object_id])
        return cursor.fetchone() is not None


def insert(account: str, obj: Json, *, now: int, test_clock: str = "") -> None:
    """Write a new object down."""
    columns = {
        "account": account,
        "kind": obj["object"],
        "object_id": obj["id"],
        "created": obj.get("created") or now,
        "deleted": False,
        "test_clock": test_clock,
        **_columns(obj),
    }
    columns["data"] = dumps(obj)
    places = ", ".join(["%s"] * len(columns))
    names = ", ".join(columns)
    insertion = f"INSERT INTO {TABLE} ({names}) VALUES ({places})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(insertion, list(columns.values()))


def ensure(account: str, obj: Json) -> None:
    """Write an object down unless it is there already, whoever is first."""
    StoredObject.objects.get_or_create(
        account=account,
        kind=obj["object"],
        object_id=obj["id"],
        defaults={"created": 0, **_columns(obj)},
    )


def write(stored: StoredObject, obj: Json) -> Json:
    """Replace what is stored of an object; returns it as it can be read again."""
    text = dumps(obj)
    columns = {**_columns(obj), "test_clock": stored.test_clock}
    plain: Json = json.loads(text)
    columns["data"] = plain
    for name, value in columns.items():
        setattr(stored, name, value)
    _update(stored, {**columns, "data": text})
    return plain


def bury(stored: StoredObject) -> None:
    """Take an object away for good; its row stays behind."""
    stored.deleted, stored.due_at = True, None
    _update(stored, {"deleted": True, "due_at": None})


def next_due(account: str, until: int, *, test_clock: str) -> StoredObject | None:
    """The object whose time came first on a clock, if any has come by ``until``."""
    found = _read(_NEXT_DUE, [account, test_clock, until])
    return found[0] if found else None


def due_moment(stored: StoredObject) -> int | None:
    """For when an object waits by now."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE_AT, [stored.seq])
        found = cursor.fetchone()
    return found[0] if found else None


def of_kinds(account: str, kinds: tuple[str, ...]) -> list[StoredObject]:
    """The living objects of a few kinds."""
    places = ", ".join(["%s"] * len(kinds))
    where = f"WHERE account = %s AND kind IN ({places}) AND NOT deleted"
    return _read(where, [account, *kinds])


def test_clocks_of(account: str, ids: set[str]) -> dict[str, str]:
    """On which test clock each of some objects is; those on none are left out."""
    found = StoredObject.objects.filter(account=account, object_id__in=ids)
    return dict(found.exclude(test_clock="").values_list("object_id", "test_clock"))


def put_on_test_clock(account: str, customer: str, test_clock: str) -> None:
    """Let a test clock rule everything that a customer has."""
    owned = models.Q(customer=customer) | models.Q(object_id=customer, kind="customer")
    StoredObject.objects.filter(owned, account=account).update(test_clock=test_clock)


def account_of(kind: str, object_id: str) -> str | None:
    """The account that has a living object; ids are unguessable and so unique."""
    return (
        StoredObject.objects.filter(kind=kind, object_id=object_id, deleted=False)
        .values_list("account", flat=True)
        .first()
    )


def lock(account: str, kind: str, object_id: str) -> bool:
    """Hold a row until the transaction ends, by writing to it.

    A write, not ``select_for_update``: on SQLite it takes the database's write
    lock first, so a transaction never has to upgrade from reading to writing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [account, kind, object_id])
        held: int = cursor.rowcount
    return held > 0


def _read(where: str, values: list[Any]) -> list[StoredObject]:
    selection = f"SELECT {', '.join(FIELDS)} FROM {TABLE} {where}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(selection, values)
        found = cursor.fetchall()
    return [_revived(values) for values in found]


def _revived(values: tuple[Any, ...]) -> StoredObject:
    fields = dict(zip(FIELDS, values, strict=True))
    fields["data"] = json.loads(fields["data"])
    fields["deleted"] = bool(fields["deleted"])
    return StoredObject.from_db(connection.alias, FIELDS, list(fields.values()))


def _update(stored: StoredObject, columns: Json) -> None:
    changes = ", ".join(f"{name} = %s" for name in columns)
    update = f"UPDATE {TABLE} SET {changes} WHERE seq = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(update, [*columns.values(), stored.seq])


def _is_column(name: str, value: Any) -> bool:
    return name in LOOKUPS and all(isinstance(it, str) for it in _listed(value))


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    return ["" if value is None else value]


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
