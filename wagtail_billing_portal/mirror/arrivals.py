"""What comes to the mirror's door, sorted by what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .families import FAMILIES
from .family import Json, Wanted
from .snapshots import Snapshot, Version, snapshot_of

#: A row's family and id.
Key = tuple[str, str]


@dataclass(frozen=True)
class Arrival:
    """One snapshot at the door.

    ``as_of`` is the second of Stripe's clock: ``event.created`` or the answer's
    ``Date``. An answer was true at some moment ``since`` it was asked for. ``seen``
    names the row's version from before the request, so that the answer to it counts as
    later. What came in another version of the API is not ``is_readable``: that the
    object changed is all that counts. An answer is ``is_full`` where the family asked for all that Stripe serves only when asked.
    """

    raw: Json
    as_of: int
    #: ``None`` where there is no doubt about the second.
    since: int | None = None
    event_type: str = ""
    previous: Json | None = None
    seen: Version | None = None
    is_readable: bool = True
    is_full: bool = False

    @property
    def key(self) -> Key:
        return self.raw.get("object", ""), self.raw.get("id", "")


def snapshots_of(arrivals: Iterable[Arrival]) -> list[Snapshot]:
    """What is to be decided upon, neighbours that came expanded before their owner.

    Of what several arrivals say about one object only what may be the latest is left.
    """
    found = [snapshot for arrival in arrivals for snapshot in _unfolded(arrival)]
    latest: dict[Key, int] = {}
    for snapshot in found:
        if snapshot.is_readable and not snapshot.is_deletion:
            latest[snapshot.key] = max(latest.get(snapshot.key, 0), snapshot.since)
    return [
        snapshot
        for snapshot in found
        if snapshot.as_of >= latest.get(snapshot.key, 0)
        or snapshot.is_deletion
        or snapshot.seen
    ]


def wanted_by(snapshots: Iterable[Snapshot]) -> Wanted:
    """The ids of all that the snapshots are about and refer to, by family."""
    wanted: Wanted = {}
    for snapshot in snapshots:
        wanted.setdefault(snapshot.family.name, set()).add(snapshot.id)
        for name, ids in snapshot.mentions.items():
            wanted.setdefault(name, set()).update(ids)
    return wanted


def _unfolded(arrival: Arrival) -> Iterator[Snapshot]:
    family = FAMILIES.get(arrival.raw.get("object", ""))
    if family is None:
        return
    snapshot = snapshot_of(
        family,
        arrival.raw,
        as_of=arrival.as_of,
        since=arrival.since,
        event_type=arrival.event_type,
        previous=arrival.previous,
        seen=arrival.seen,
        is_readable=arrival.is_readable,
        is_full=arrival.is_full,
    )
    for neighbor in snapshot.expanded:
        yield from _unfolded(Arrival(neighbor, arrival.as_of, since=arrival.since))
    yield snapshot
