"""Rows of the mirror, many at once: held, made and written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model

from ..models import MirroredObject
from .arrivals import Key
from .families import FAMILIES
from .family import Family, Json, Wanted
from .snapshots import Snapshot


class ForeignObject(Exception):
    """The id belongs to another Stripe account, or to the other mode."""


def check_owner(id: str, owner: str, account: str) -> None:
    """Let no account write over another's row, nor refer to it: ids that a business
    chooses may be the same in two of its accounts. Raises ``ForeignObject``.
    """
    if owner != account:
        raise ForeignObject(
            f"{id} belongs to the Stripe account {owner!r}, but came from {account!r}. "
            "An id that a business chooses must be another one in each account of a "
            "site: make the object anew under another id."
        )


def owners_of(wanted: Wanted) -> dict[Key, str]:
    """The accounts of those ids that have rows, found out in one statement."""
    parts, parameters = [], []
    for name, ids in wanted.items():
        table = connection.ops.quote_name(FAMILIES[name].model._meta.db_table)
        marks = ", ".join(["%s"] * len(ids))
        parts.append(
            f"SELECT %s, id, stripe_account FROM {table} WHERE id IN ({marks})"  # noqa: S608
        )
        parameters += [name, *ids]
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        return {(name, id): owner for name, id, owner in cursor.fetchall()}


def unknown_among(wanted: Wanted, *, account: str) -> Wanted:
    """Those that have no row. Raises ``ForeignObject``."""
    owners = owners_of(wanted)
    for (_name, id), owner in owners.items():
        check_owner(id, owner, account)
    unknown = {
        name: {id for id in ids if (name, id) not in owners}
        for name, ids in wanted.items()
    }
    return {name: ids for name, ids in unknown.items() if ids}


def locked_rows(snapshots: Iterable[Snapshot]) -> dict[Key, MirroredObject]:
    """The rows that snapshots are of, held until the transaction ends."""
    own: Wanted = {}
    for snapshot in snapshots:
        own.setdefault(snapshot.family.name, set()).add(snapshot.id)
    found: dict[Key, MirroredObject] = {}
    for name, family in FAMILIES.items():
        if ids := own.get(name):
            # While a row is held, others may go on to refer to it.
            rows = family.model._default_manager.select_for_update(
                of=("self",), no_key=True
            )
            for row in rows.filter(pk__in=ids).order_by("pk"):
                found[name, row.pk] = row
    return found


def stub(family: Family, id: str, *, account: str, livemode: bool) -> MirroredObject:
    """A row, not written yet, of what is known by its id alone."""
    return family.model(
        id=id, stripe_account=account, livemode=livemode, as_of=0, needs_refresh=True
    )


def make_stubs(missing: Wanted, *, account: str, livemode: bool) -> set[Key]:
    """Give each id a row, which waits for a refresh; returns those made.

    Raises ``ForeignObject`` where another account was faster.

    Always in the same order, so that two transactions never wait for each other: a
    customer and its payment method refer to one another.
    """
    for name, family in FAMILIES.items():
        if ids := missing.get(name):
            stubs = [
                stub(family, id, account=account, livemode=livemode)
                for id in sorted(ids)
            ]
            family.model._default_manager.bulk_create(stubs, ignore_conflicts=True)
    unknown_among(missing, account=account)
    return {(name, id) for name, ids in missing.items() for id in ids}


def upsert(written: Sequence[tuple[MirroredObject, Json]]) -> None:
    """Write rows that are held, with their columns, references and children.

    Each comes with the JSON that it had before.
    """
    for name, family in FAMILIES.items():
        if own := [it for it in written if it[0].stripe_object == name]:
            for row, _before in own:
                fill_in(row, family)
            _write(family.model, [row for row, _before in own])
            store_children(family, own)


def fill_in(row: MirroredObject, family: Family) -> None:
    """Make a row's columns and references those of its JSON, and count the writing."""
    row.revision += 1
    if not row.is_stub:
        for column, value in family.columns(row.data).items():
            setattr(row, column, value)
    for column, id_in in family.references.items():
        setattr(row, f"{column}_id", id_in(row.data))


def store_children(
    family: Family, written: Sequence[tuple[MirroredObject, Json]]
) -> None:
    """Write the children of those whose entries are others than before."""
    if (children := family.children) is None:
        return
    made: list[Model] = []
    gone: set[str] = set()
    for row, before in written:
        entries, earlier = children.entries(row.data), children.entries(before)
        if row.deleted_at is None and entries != earlier:
            gone |= {entry["id"] for entry in earlier} - {it["id"] for it in entries}
            made += [children.row(row, it, n) for n, it in enumerate(entries)]
    if gone:
        children.model._default_manager.filter(pk__in=gone).delete()
    if made:
        _write(children.model, made)


def _write(model: type[Model], rows: Sequence[Model]) -> None:
    # One statement for all of them, where ``bulk_update`` would spell out each value.
    manager: Any = model._default_manager
    columns = [
        field.name for field in model._meta.concrete_fields if not field.primary_key
    ]
    manager.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=columns
    )
