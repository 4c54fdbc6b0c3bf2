"""A Stripe object at one moment, made comparable."""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .family import Family, Json, Wanted

#: Stripe shows so many entries of a list inside another object.
NESTED_LENGTH = 10
#: Objects with an id that are part of another one, wherever they are served.
LIVES_INSIDE = frozenset({"subscription_item"})


@dataclass(frozen=True)
class Version:
    """Names one content of one row: proof of what was known before a request."""

    as_of: int
    digest: str
    stale_as_of: int = 0
    #: What was learned in between, without another content, counts too.
    revision: int = 0


@dataclass(frozen=True)
class Snapshot:
    """What Stripe showed of one object, and what that says about its neighbours."""

    family: Family
    data: Json
    #: It was so at some moment between the beginning of ``since`` and the end of
    #: ``as_of``: seconds of Stripe's clock, and for an event the same one.
    since: int
    as_of: int
    event_type: str = ""
    previous: Json | None = None
    #: The version the row had before the request was sent that brought this.
    seen: Version | None = None
    expanded: tuple[Json, ...] = field(default=(), compare=False)
    #: What Stripe serves only when asked; ``None`` where it was not asked for.
    on_request: Json | None = field(default=None, compare=False)
    #: False where the data is in another version of the API, so that only the fact
    #: of a change counts.
    is_readable: bool = True

    @property
    def id(self) -> str:
        id: str = self.data["id"]
        return id

    @property
    def key(self) -> tuple[str, str]:
        return self.family.name, self.id

    @cached_property
    def mentions(self) -> Wanted:
        """The ids of all that it refers to, by family."""
        return self.family.mentions(self.data)

    @cached_property
    def digest(self) -> str:
        return digest_of(self.data)

    @property
    def is_deletion(self) -> bool:
        return bool(self.data.get("deleted")) or self.event_type in (
            self.family.deletions
        )

    @property
    def lacks_what_is_asked_for(self) -> bool:
        return bool(self.family.asked_for) and self.on_request is None

    @property
    def only_counts(self) -> bool:
        """Whether nothing changed but what Stripe counts by itself."""
        return self.previous is not None and self.previous.keys() <= self.family.counted

    @property
    def may_hide_a_change(self) -> bool:
        """Whether it tells of a change that may be in what Stripe serves when asked."""
        is_update = self.event_type.endswith(".updated")
        return self.lacks_what_is_asked_for and is_update and not self.only_counts

    @property
    def is_truncated(self) -> bool:
        return any(nested["has_more"] for nested in _nested_lists(self.data))

    @cached_property
    def follows(self) -> str | None:
        """Digest of the version just before this one, if the event tells."""
        if self.previous is None:
            return None
        before = _overlaid(self.data, self.previous)
        return digest_of(canonical(before, self.family)[0])

    @property
    def rank(self) -> int:
        """Orders versions of one second: a creation is before all others."""
        return (
            -1 if self.event_type.endswith(".created") else self.family.rank(self.data)
        )


def snapshot_of(
    family: Family,
    raw: Json,
    *,
    as_of: int,
    since: int | None = None,
    event_type: str = "",
    previous: Json | None = None,
    seen: Version | None = None,
    is_readable: bool = True,
    is_full: bool = False,
) -> Snapshot:
    """Make ``raw`` canonical: references as ids, no field that was only asked for."""
    data, expanded = canonical(raw, family) if is_readable else (raw, [])
    asked = family.asked_for
    # Whoever asked for one object may have asked for all of another within it.
    is_full = is_full or bool(asked and all(key in raw for key in asked))
    return Snapshot(
        family=family,
        data=data,
        since=as_of if since is None else min(since, as_of),
        as_of=as_of,
        event_type=event_type,
        previous=previous,
        seen=seen,
        expanded=tuple(expanded),
        on_request=(
            {key: raw[key] for key in asked if key in raw} if is_full else None
        ),
        is_readable=is_readable,
    )


def canonical(raw: Json, family: Family) -> tuple[Json, list[Json]]:
    """``raw`` with references folded to ids, and the objects that were folded."""
    expanded: list[Json] = []
    data = {
        key: _folded(value, expanded)
        for key, value in raw.items()
        if key not in family.expand_only
    }
    for key in family.expand_only & raw.keys():
        if _is_list(raw[key]):
            expanded += [entry for entry in raw[key]["data"] if isinstance(entry, dict)]
    return data, expanded


def digest_of(data: Json) -> str:
    """Names a content. Lists inside count by what Stripe would show of them."""
    comparable = dict(data)
    for key, nested in data.items():
        if _is_list(nested):
            comparable[key] = {
                "data": nested["data"][:NESTED_LENGTH],
                "has_more": nested["has_more"] or len(nested["data"]) > NESTED_LENGTH,
            }
    text = json.dumps(comparable, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _folded(value: Any, expanded: list[Json]) -> Any:
    if isinstance(value, list):
        return [_folded(entry, expanded) for entry in value]
    if not isinstance(value, dict):
        return value
    if _is_list(value):
        return {**value, "data": [_entry(entry) for entry in value["data"]]}
    if value.get("object") in LIVES_INSIDE:
        return _entry(value)
    if isinstance(value.get("id"), str) and isinstance(value.get("object"), str):
        expanded.append(value)
        return value["id"]
    return {key: _folded(entry, expanded) for key, entry in value.items()}


def _entry(entry: Any) -> Any:
    # An entry lives here; what it carries inline (an item's price) lives elsewhere
    # and may be older than the list around it, so only its id counts.
    if not isinstance(entry, dict):
        return entry
    return {key: _folded(value, []) for key, value in entry.items()}


def _overlaid(data: Any, previous: Any) -> Any:
    # Changed keys carry old values; objects inside only their changed sub-keys.
    if not (isinstance(data, dict) and isinstance(previous, dict)):
        return copy.deepcopy(previous)
    before = {
        **data,
        **{key: _overlaid(data.get(key), value) for key, value in previous.items()},
    }
    if isinstance(notes := before.get("metadata"), dict):
        # A note that was not there before comes as null, which none can be.
        before["metadata"] = {k: v for k, v in notes.items() if v is not None}
    return before


def _is_list(value: Any) -> bool:
    return isinstance(value, dict) and value.get("object") == "list"


def _nested_lists(data: Json) -> list[Json]:
    return [value for value in data.values() if _is_list(value)]
