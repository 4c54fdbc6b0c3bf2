"""Which of two snapshots is the later one? Pure; the rule of the whole mirror.

Stripe's clock ticks in seconds, and bursts put several versions of an object into
one. Within a second the versions that were seen form a small graph: an edge means
"after". Edges come from ``previous_attributes``, from ranks (created first, draft
before open before paid) and from requests that were sent after a version was known.
One version after all others is the latest; anything else is left for a refresh.
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
    """One version of the row's second, as kept on the row."""

    digest: str
    after: list[str]
    rank: int


@dataclass(frozen=True)
class Stored:
    """What the row holds now."""

    version: Version
    versions: list[Seen]
    is_stub: bool = False
    is_deleted: bool = False


@dataclass(frozen=True)
class Decision:
    """A verdict, and what is known of the row's second from now on."""

    verdict: Verdict
    as_of: int
    versions: list[Seen]


def decide(stored: Stored, snapshot: Snapshot) -> Decision:
    """Place ``snapshot`` among what is known of its object."""
    if stored.is_deleted:
        return _keep(stored)
    if stored.is_stub or snapshot.is_deletion:
        return _store(snapshot, snapshot.as_of)
    if snapshot.seen is not None and snapshot.seen == stored.version:
        # Asked after the stored version was known: later, whatever the clocks say.
        return _store_after_all(stored, snapshot)
    if snapshot.as_of > stored.version.as_of:
        return _store(snapshot, snapshot.as_of)
    if snapshot.as_of < stored.version.as_of:
        return _keep(stored)
    return _within_the_second(stored, snapshot)


def _keep(stored: Stored) -> Decision:
    return Decision(Verdict.KEEP, stored.version.as_of, stored.versions)


def _store(snapshot: Snapshot, as_of: int) -> Decision:
    return Decision(Verdict.STORE, as_of, [_entry(snapshot)])


def _store_after_all(stored: Stored, snapshot: Snapshot) -> Decision:
    if snapshot.as_of > stored.version.as_of:
        return _store(snapshot, snapshot.as_of)
    older = [seen for seen in stored.versions if seen["digest"] != snapshot.digest]
    latest = _entry(snapshot)
    latest["after"] = sorted({*latest["after"], *(seen["digest"] for seen in older)})
    return Decision(Verdict.STORE, stored.version.as_of, [*older, latest])


def _within_the_second(stored: Stored, snapshot: Snapshot) -> Decision:
    versions = _merged([*stored.versions, _entry(snapshot)])
    latest = _latest(versions)
    if latest is None:
        verdict = Verdict.REFRESH
    elif latest == stored.version.digest:
        verdict = Verdict.KEEP
    elif latest == snapshot.digest:
        verdict = Verdict.STORE
    else:  # A version whose content was not kept.
        verdict = Verdict.REFRESH
    return Decision(verdict, stored.version.as_of, versions)


def _entry(snapshot: Snapshot) -> Seen:
    return {
        "digest": snapshot.digest,
        "after": [snapshot.follows] if snapshot.follows else [],
        "rank": snapshot.rank,
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
