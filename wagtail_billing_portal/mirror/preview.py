"""What a backfill would bring, found out without changing anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..gateway import Answer
from .arrivals import wanted_by
from .backfill import listed
from .families import FAMILIES
from .family import Family
from .ingest import ForeignObject
from .rows import check_owner, owners_of
from .snapshots import snapshot_of


@dataclass
class Preview:
    """How many objects Stripe has, and which of them the mirror has not like that."""

    total: int = 0
    news: int = 0
    #: Why some would have to stay out, in sentences.
    refusals: list[str] = field(default_factory=list)


def preview(alias: str, *, only: Iterable[str]) -> Preview:
    """Compare Stripe's lists of the families ``only`` with the mirror."""
    found, chosen = Preview(), set(only)
    for name, family in FAMILIES.items():
        if name in chosen:
            for page in listed(alias, family):
                _compare(page, alias, family, found)
    return found


def _compare(
    page: Sequence[Answer], alias: str, family: Family, found: Preview
) -> None:
    snapshots = [
        snapshot_of(family, it.data, as_of=it.as_of, is_full=True) for it in page
    ]
    rows = family.model._default_manager.in_bulk([it.id for it in snapshots])
    owners = owners_of(wanted_by(snapshots))
    for snapshot in snapshots:
        found.total += 1
        row = rows.get(snapshot.id)
        try:
            for name, ids in wanted_by([snapshot]).items():
                for id in ids:
                    check_owner(id, owners.get((name, id), alias), alias)
        except ForeignObject as error:
            found.refusals.append(str(error))
            continue
        mirrored = (row.digest, row.on_request) if row else None
        found.news += mirrored != (snapshot.digest, snapshot.on_request)
