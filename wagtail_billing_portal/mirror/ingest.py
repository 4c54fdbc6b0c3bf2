"""The mirror's one door: every snapshot of a Stripe object enters here."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction

from ..models import MirroredObject, Subscription, moment
from ..signals import mirrored, subscription_ended, subscription_started
from .families import FAMILIES
from .family import Family, Json
from .order import Decision, Stored, Verdict, decide
from .snapshots import Snapshot, Version, digest_of, snapshot_of
from .stubs import ensure_stubs


class ForeignObject(Exception):
    """The id belongs to another Stripe account, or to the other mode."""


@transaction.atomic
def ingest(
    raw: Json,
    *,
    account: str,
    as_of: int,
    event_type: str = "",
    previous: Json | None = None,
    seen: Version | None = None,
) -> MirroredObject | None:
    """Let one snapshot in, if it is newer than what the mirror holds.

    ``as_of`` is the second of Stripe's clock: ``event.created`` or the answer's
    ``Date``. ``seen`` names the row's version from before the request, so that the
    answer to it counts as later. Returns the row as it stands now, ``None`` for a
    kind that is not mirrored. Raises ``ForeignObject``.
    """
    family = FAMILIES.get(raw.get("object", ""))
    if family is None:
        return None
    snapshot = snapshot_of(
        family, raw, as_of=as_of, event_type=event_type, previous=previous, seen=seen
    )
    for neighbor in snapshot.expanded:
        ingest(neighbor, account=account, as_of=as_of)
    row = _locked_row(family, snapshot.data, account)
    decision = decide(_stored(row), snapshot)
    _carry_out(decision, row, snapshot)
    return row


@transaction.atomic
def mark_stale(
    family: Family, id: str, *, account: str, livemode: bool, as_of: int
) -> None:
    """Have the object fetched again: what came in cannot be taken as it is.

    ``as_of`` is the second in which it changed; older snapshots leave the mark.
    """
    row = _locked_row(family, {"id": id, "livemode": livemode}, account)
    if row.deleted_at is None and row.as_of <= as_of:
        row.needs_refresh = True
        row.stale_as_of = max(row.stale_as_of, as_of)
        row.save(update_fields=["needs_refresh", "stale_as_of"])


def retire(row: MirroredObject, *, as_of: int) -> None:
    """Stripe no longer knows the object. Its last content stays readable."""
    row.deleted_at = moment(as_of)
    row.needs_refresh = False
    row.save(update_fields=["deleted_at", "needs_refresh", "synced_at"])


def version_of(row: MirroredObject) -> Version:
    """Names what the row holds, to prove later what was known before a request."""
    return Version(row.as_of, digest_of(row.data), row.stale_as_of)


def _locked_row(family: Family, data: Json, account: str) -> MirroredObject:
    # While the row is held, others may go on to refer to it.
    rows = family.model._default_manager.select_for_update(of=("self",), no_key=True)
    id = data["id"]
    row: MirroredObject | None = rows.filter(pk=id).first()
    if row is None:
        _make_rows(family, data, account)
        row = rows.get(pk=id)
    if row.stripe_account != account:
        raise ForeignObject(
            f"{id} belongs to the Stripe account {row.stripe_account!r}, "
            f"but came from {account!r}."
        )
    return row


def _make_rows(family: Family, data: Json, account: str) -> None:
    """Stubs for a new object and all that it refers to."""
    wanted = {family.name: {data["id"]}}
    for column, id_in in family.references.items():
        if id := id_in(data):
            target: Any = family.model._meta.get_field(column).related_model
            wanted.setdefault(target.stripe_object, set()).add(id)
    # Always in this order, so that two transactions never wait for each other: a
    # customer and its payment method refer to one another.
    for name, other in FAMILIES.items():
        if name in wanted:
            ensure_stubs(
                other.model,
                wanted[name],
                account=account,
                livemode=bool(data.get("livemode")),
            )


def _stored(row: MirroredObject) -> Stored:
    return Stored(
        version=version_of(row),
        versions=row.versions,
        is_stub=row.is_stub,
        is_deleted=row.deleted_at is not None,
    )


def _carry_out(decision: Decision, row: MirroredObject, snapshot: Snapshot) -> None:
    if decision.verdict is Verdict.KEEP and decision.versions == row.versions:
        return
    version_before = version_of(row)
    row.as_of = decision.as_of
    row.versions = decision.versions
    match decision.verdict:
        case Verdict.STORE if snapshot.is_deletion:
            row.data = row.data | snapshot.data
            retire(row, as_of=decision.as_of)
            row.save(update_fields=["data", "as_of", "versions"])
        case Verdict.STORE:
            _store(row, snapshot, version_before)
        case Verdict.REFRESH:
            row.needs_refresh = True
            row.stale_as_of = max(row.stale_as_of, row.as_of)
            row.save(update_fields=["versions", "needs_refresh", "stale_as_of"])
        case Verdict.KEEP:
            row.save(update_fields=["versions"])


def _store(row: MirroredObject, snapshot: Snapshot, version_before: Version) -> None:
    family, before = snapshot.family, row.data
    granted_before = isinstance(row, Subscription) and row.grants_access
    row.data = _with_complete_lists(snapshot.data, before)
    row.livemode = bool(row.data.get("livemode", row.livemode))
    # A truncated list is completed by a refresh, a mark by an answer asked for later.
    settled = snapshot.as_of > row.stale_as_of or snapshot.seen == version_before
    row.needs_refresh = snapshot.is_truncated or not settled
    if settled:
        row.stale_as_of = 0
    row.refresh_after, row.refresh_attempts = None, 0
    for column, value in family.columns(row.data).items():
        setattr(row, column, value)
    _set_references(row, family)
    row.save(force_update=True)
    family.store_children(row, row.data)
    if row.data != before:
        transaction.on_commit(
            partial(_announce, row, created=not before, granted_before=granted_before)
        )


def _with_complete_lists(new: Json, old: Json) -> Json:
    merged = dict(new)
    for key, value in new.items():
        nested = old.get(key)
        if (
            isinstance(value, dict)
            and value.get("has_more")
            and isinstance(nested, dict)
            and nested.get("has_more") is False
        ):
            merged[key] = nested
    return merged


def _set_references(row: MirroredObject, family: Family) -> None:
    for column, id_in in family.references.items():
        id = id_in(row.data)
        if id and id != getattr(row, f"{column}_id"):
            target: Any = row._meta.get_field(column).related_model
            ensure_stubs(
                target, [id], account=row.stripe_account, livemode=row.livemode
            )
        setattr(row, f"{column}_id", id)


def _announce(row: MirroredObject, *, created: bool, granted_before: bool) -> None:
    mirrored.send(sender=type(row), instance=row, created=created)
    if isinstance(row, Subscription) and row.grants_access != granted_before:
        signal = subscription_started if row.grants_access else subscription_ended
        signal.send(sender=type(row), subscription=row)
