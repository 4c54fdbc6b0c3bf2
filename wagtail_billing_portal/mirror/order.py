"""Which of two snapshots is the later one? Pure; the rule of the whole mirror.

Stripe's clock ticks in seconds, and bursts put several versions of an object into
one; and an answer was true at some moment since it was asked for, which may be a second
or more before its own. Where two may be of the same moment, for all that the clock
tells, the versions that were seen form a small graph: an edge means "after". Edges come
from ``previous_attributes``, from ranks (created first, draft before open before paid)
and from requests that were sent after a version was known. One version after all others
is the latest; anything else, and what the clock contradicts, is left for a refresh.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypedDict

from .snapshots import Snapshot, Version


class Verdict(Enum):
    """What to do with a snapshot."""

    STORE = "store"
    KEEP = "keep"
    REFRESH = "refresh"


class Seen(TypedDict):
    """One version that may be of the row's moment, as kept on the row."""

    digest: str
    after: list[str]
    rank: int
    since: int
    as_of: int


@dataclass(frozen=True)
class Stored:
    """What the row holds now."""

    version: Version
    versions: list[Seen]
    is_stub: bool = False
    is_deleted: bool = False

    @property
    def since(self) -> int:
        """The first second in which it may have been so."""
        own = (it for it in self.versions if it["digest"] == self.version.digest)
        return next((it["since"] for it in own), self.version.as_of)


@dataclass(frozen=True)
class Decision:
    """A verdict, and what is known of the row's moment from now on."""

    verdict: Verdict
    as_of: int
    versions: list[Seen]


def decide(stored: Stored, snapshot: Snapshot) -> Decision:
    """Place ``snapshot`` among what is known of its object."""
    if stored.is_deleted:
        return _keep(stored)
    if stored.is_stub or snapshot.is_deletion:
        return _store(snapshot)
    if snapshot.seen is not None and snapshot.seen == stored.version:
        # Asked after the stored version was known: later, whatever the clocks say.
        return _store_after_all(stored, snapshot)
    if snapshot.since > stored.version.as_of:
        return _store(snapshot)
    if snapshot.as_of < stored.since:
        return _keep(stored)
    return _by_evidence(stored, snapshot)


def _keep(stored: Stored) -> Decision:
    return Decision(Verdict.KEEP, stored.version.as_of, stored.versions)


def _store(snapshot: Snapshot) -> Decision:
    return Decision(Verdict.STORE, snapshot.as_of, [_entry(snapshot)])


def _store_after_all(stored: Stored, snapshot: Snapshot) -> Decision:
    own, since = _entry(snapshot), max(stored.since, snapshot.since)
    older = [
        seen
        for seen in stored.versions
        if seen["digest"] != own["digest"] and seen["as_of"] >= since
    ]
    own["after"] = sorted({*own["after"], *(seen["digest"] for seen in older)})
    as_of = max(stored.version.as_of, snapshot.as_of)
    return _settled(Verdict.STORE, [*older, own], own["digest"], since, as_of)


def _by_evidence(stored: Stored, snapshot: Snapshot) -> Decision:
    held, since = stored.version, max(stored.since, snapshot.since)
    versions = _merged([*stored.versions, _entry(snapshot)])
    latest = _latest(versions)
    if latest == snapshot.digest and held.as_of <= snapshot.as_of:
        verdict = Verdict.KEEP if latest == held.digest else Verdict.STORE
        return _settled(verdict, versions, latest, since, snapshot.as_of)
    if latest == held.digest and snapshot.as_of <= held.as_of:
        return _settled(Verdict.KEEP, versions, latest, since, held.as_of)
    # Nothing orders them, or the clock contradicts, or the content was not kept.
    return Decision(Verdict.REFRESH, held.as_of, versions)


def _settled(
    verdict: Verdict, versions: list[Seen], latest: str, since: int, as_of: int
) -> Decision:
    """The latest is known: it was so after all the others were.

    Those of earlier seconds need not be remembered, as the clock tells.
    """
    close: list[Seen] = []
    for seen in versions:
        if seen["digest"] == latest:
            close.append({**seen, "since": since, "as_of": as_of})
        elif seen["as_of"] >= since:
            close.append(seen)
    return Decision(verdict, as_of, close)


def _entry(snapshot: Snapshot) -> Seen:
    return {
        "digest": snapshot.digest,
        "after": [snapshot.follows] if snapshot.follows else [],
        "rank": snapshot.rank,
        "since": snapshot.since,
        "as_of": snapshot.as_of,
    }


def _merged(entries: Iterable[Seen]) -> list[Seen]:
    by_digest: dict[str, Seen] = {}
    for entry in entries:
        known = by_digest.setdefault(entry["digest"], entry)
        if known is not entry:
            by_digest[entry["digest"]] = {
                "digest": entry["digest"],
                "after": sorted({*known["after"], *entry["after"]}),
                "rank": max(known["rank"], entry["rank"]),
                "since": max(known["since"], entry["since"]),
                "as_of": max(known["as_of"], entry["as_of"]),
            }
    return list(by_digest.values())


def _latest(versions: list[Seen]) -> str | None:
    """The one version that all others are before, if nothing contradicts it."""
    before = {seen["digest"]: _ancestors(seen, versions) for seen in versions}
    if any(digest in ancestors for digest, ancestors in before.items()):
        return None  # A circle: changed there and back within the second.
    known = set(before)
    for digest, ancestors in before.items():
        if known - {digest} <= ancestors:
            return digest
    return None


def _ancestors(start: Seen, versions: list[Seen]) -> set[str]:
    by_digest: dict[str, Any] = {seen["digest"]: seen for seen in versions}
    found: set[str] = set()
    waiting = [start]
    while waiting:
        seen = waiting.pop()
        lower = [it["digest"] for it in versions if it["rank"] < seen["rank"]]
        for digest in {*seen["after"], *lower} - found:
            found.add(digest)
            if digest in by_digest:
                waiting.append(by_digest[digest])
    return found
