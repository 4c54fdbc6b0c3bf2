"""The mirror's one door: every snapshot of a Stripe object enters here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction

from ..models import MirroredObject, Subscription, moment
from ..signals import mirrored, subscription_ended, subscription_started
from . import single
from .arrivals import Arrival, Key, snapshots_of, wanted_by
from .family import Family, Json
from .order import Decision, Stored, Verdict, decide
from .rows import (
    ForeignObject,
    check_owner,
    fill_in,
    locked_rows,
    make_stubs,
    store_children,
    stub,
    unknown_among,
    upsert,
)
from .snapshots import Snapshot, Version, digest_of

__all__ = ["Entered", "ForeignObject", "ingest", "ingest_all", "retire", "version_of"]

Rows = dict[Key, MirroredObject]


@dataclass(frozen=True)
class Entered:
    """What is behind the door now."""

    #: For each arrival its row as it stands; ``None`` for a kind not mirrored.
    rows: list[MirroredObject | None]
    #: Whether something has to be fetched before all is known.
    is_undecided: bool


def ingest(raw: Json, *, account: str, **about: Any) -> MirroredObject | None:
    """Let one snapshot in, if it is newer than what the mirror holds.

    ``about`` is what an ``Arrival`` knows besides. Returns the row as it stands now,
    ``None`` for a kind that is not mirrored. Raises ``ForeignObject``.
    """
    return ingest_all([Arrival(raw, **about)], account=account).rows[0]


def ingest_all(arrivals: Sequence[Arrival], *, account: str) -> Entered:
    """Let snapshots in, all of them or none, in a few statements however many.

    Raises ``ForeignObject``.
    """
    snapshots = snapshots_of(arrivals)
    if len(snapshots) == 1:
        rows, is_undecided = _let_in_one(snapshots[0], account)
    else:
        rows, is_undecided = _let_in_many(snapshots, account)
    return Entered([rows.get(arrival.key) for arrival in arrivals], is_undecided)


def retire(row: MirroredObject, *, as_of: int) -> None:
    """Stripe no longer knows the object. Its last content stays readable."""
    while True:
        _retire(row, as_of)
        revision = row.revision
        row.revision += 1
        if single.replace(row, column="revision", was=revision):
            return
        row.refresh_from_db()


def version_of(row: MirroredObject) -> Version:
    """Names what the row holds, to prove later what was known before a request."""
    return Version(row.as_of, row.digest, row.stale_as_of, row.revision)


def _let_in_one(snapshot: Snapshot, account: str) -> tuple[Rows, bool]:
    """Decide without holding the row, and decide again when somebody was faster."""
    family, livemode = snapshot.family, bool(snapshot.data.get("livemode"))
    while True:
        row = single.find(family.model, snapshot.id) or stub(
            family, snapshot.id, account=account, livemode=livemode
        )
        check_owner(row.pk, row.stripe_account, account)
        change = _Change(row)
        known = family.mentions(row.data)
        change.take(snapshot)
        if not change.is_due:
            return {snapshot.key: row}, row.needs_refresh
        mentioned = family.mentions(row.data)
        new = {it: ids - known.get(it, set()) for it, ids in mentioned.items()}
        wanted = {it: ids for it, ids in new.items() if ids}
        missing = unknown_among(wanted, account=account)
        with transaction.atomic(savepoint=False):
            made = make_stubs(missing, account=account, livemode=livemode)
            if _is_written(change, family):
                change.announce()
                return {snapshot.key: row}, row.needs_refresh or bool(made)


def _is_written(change: _Change, family: Family) -> bool:
    row = change.row
    revision = row.revision
    fill_in(row, family)
    if row._state.adding:
        is_written = single.insert(row)
    else:
        is_written = single.replace(row, column="revision", was=revision)
    if is_written:
        store_children(family, [(row, change.before)])
    return is_written


def _let_in_many(snapshots: Sequence[Snapshot], account: str) -> tuple[Rows, bool]:
    """Hold all of the rows, decide upon each, and write those that changed."""
    missing = unknown_among(wanted_by(snapshots), account=account)
    livemode = any(snapshot.data.get("livemode") for snapshot in snapshots)
    with transaction.atomic():
        # Nothing is held while rows are made, and rows are made and held in one
        # order: so no two transactions ever wait for each other.
        made = make_stubs(missing, account=account, livemode=livemode)
        rows = locked_rows(snapshots)
        changes = _changes(snapshots, rows, account)
        written = [change for change in changes if change.is_due]
        upsert([(change.row, change.before) for change in written])
        for change in written:
            change.announce()
    is_undecided = any(change.row.needs_refresh for change in changes)
    return rows, is_undecided or not made <= rows.keys()


def _changes(
    snapshots: Iterable[Snapshot], rows: Rows, account: str
) -> Collection[_Change]:
    changes: dict[Key, _Change] = {}
    for snapshot in snapshots:
        row = rows[snapshot.key]
        check_owner(row.pk, row.stripe_account, account)
        change = changes.get(snapshot.key) or _Change(row)
        changes[snapshot.key] = change
        change.take(snapshot)
    return changes.values()


class _Change:
    """A row while snapshots of it come in."""

    def __init__(self, row: MirroredObject) -> None:
        self.row = row
        self.before = row.data
        self.was_stub = row.is_stub
        self.granted_before = isinstance(row, Subscription) and row.grants_access
        self.is_due = False

    def take(self, snapshot: Snapshot) -> None:
        row = self.row
        if not snapshot.is_readable:
            self._mark_stale(snapshot.as_of)
            if row.is_stub:
                row.data = {**snapshot.data, **row.data}
            return
        if snapshot.may_hide_a_change:
            self._mark_stale(snapshot.as_of)
        decision = decide(_stored(row), snapshot)
        if decision.verdict is Verdict.KEEP and _shows_a_hidden_change(row, snapshot):
            self._mark_stale(snapshot.as_of)
        if decision.verdict is Verdict.KEEP and decision.versions == row.versions:
            return
        version_before = version_of(row)
        row.as_of, row.versions = decision.as_of, decision.versions
        self._carry_out(decision, snapshot, version_before)
        self.is_due = True

    def announce(self) -> None:
        """Tell the site once all is committed, if the content is another."""
        if self.row.is_stub or self.row.data == self.before:
            return
        tell = partial(
            _announce,
            self.row,
            created=self.was_stub,
            before=self.before,
            granted_before=self.granted_before,
        )
        transaction.on_commit(tell, robust=True)

    def _mark_stale(self, as_of: int) -> None:
        # ``as_of`` is the second in which it changed; older snapshots leave the mark.
        row = self.row
        if row.deleted_at is None and _stored(row).since <= as_of:
            row.needs_refresh = self.is_due = True
            row.stale_as_of = max(row.stale_as_of, as_of)

    def _carry_out(
        self, decision: Decision, snapshot: Snapshot, version_before: Version
    ) -> None:
        row = self.row
        match decision.verdict:
            case Verdict.STORE if snapshot.is_deletion:
                row.data = row.data | snapshot.data
                row.digest = digest_of(row.data)
                _retire(row, decision.as_of)
            case Verdict.STORE:
                _store(row, snapshot, version_before)
            case Verdict.REFRESH:
                row.needs_refresh = True
                row.stale_as_of = max(row.stale_as_of, row.as_of, snapshot.as_of)


def _stored(row: MirroredObject) -> Stored:
    return Stored(
        version=version_of(row),
        versions=row.versions,
        is_stub=row.is_stub,
        is_deleted=row.deleted_at is not None,
    )


def _shows_a_hidden_change(row: MirroredObject, snapshot: Snapshot) -> bool:
    # Of the same moment, for all we know: nothing else tells which is the later one.
    return (
        snapshot.on_request is not None
        and _stored(row).since <= snapshot.as_of
        and snapshot.on_request != row.on_request
    )


def _store(row: MirroredObject, snapshot: Snapshot, version_before: Version) -> None:
    row.data = _with_complete_lists(snapshot.data, row.data)
    if snapshot.on_request is not None:
        row.on_request = snapshot.on_request
    row.digest = snapshot.digest
    row.livemode = bool(row.data.get("livemode", row.livemode))
    # A truncated list is completed by a refresh, a mark by an answer asked for later.
    settled = snapshot.since > row.stale_as_of or snapshot.seen == version_before
    was_complete = version_before.as_of > 0 and not row.needs_refresh
    lacks = snapshot.lacks_what_is_asked_for and not (
        snapshot.only_counts and was_complete
    )
    row.needs_refresh = snapshot.is_truncated or lacks or not settled
    if settled:
        row.stale_as_of = 0
    row.refresh_after, row.refresh_attempts = None, 0


def _retire(row: MirroredObject, as_of: int) -> None:
    row.deleted_at = moment(as_of)
    row.needs_refresh = False


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


def _announce(
    row: MirroredObject, *, created: bool, before: Json, granted_before: bool
) -> None:
    mirrored.send(sender=type(row), instance=row, created=created, before=before)
    if isinstance(row, Subscription) and row.grants_access != granted_before:
        signal = subscription_started if row.grants_access else subscription_ended
        signal.send(sender=type(row), subscription=row)
