"""What the mirror must know of one kind of Stripe object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..models import MirroredObject

Json = dict[str, Any]


def _no_rank(data: Json) -> int:
    return 0


def _no_children(row: Any, data: Json) -> None:
    return None


@dataclass(frozen=True)
class Family:
    """One mirrored kind: its model, its events, and how JSON becomes columns."""

    model: type[MirroredObject]
    #: Event types that carry this object.
    events: tuple[str, ...]
    #: Columns that we filter or sort by, from the canonical JSON.
    columns: Callable[[Json], Json]
    #: ``client, id`` to the SDK's answer.
    retrieve: Callable[[Any, str], Any]
    #: ``client, params`` to the SDK's list.
    list: Callable[[Any, Json], Any]
    #: Foreign keys: column to the id in the canonical JSON.
    references: Mapping[str, Callable[[Json], str | None]] = field(default_factory=dict)
    #: Event types after which the object is gone.
    deletions: frozenset[str] = frozenset()
    #: Fields that Stripe serves only when asked, so they never decide anything.
    expand_only: frozenset[str] = frozenset()
    #: A version of higher rank is later than one of lower rank, within a second.
    rank: Callable[[Json], int] = _no_rank
    #: Writes the rows that live and die with this one.
    store_children: Callable[[Any, Json], None] = _no_children

    @property
    def name(self) -> str:
        """Stripe's value of ``object``."""
        return self.model.stripe_object
