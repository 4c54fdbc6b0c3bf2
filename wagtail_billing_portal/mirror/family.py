"""What the mirror must know of one kind of Stripe object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Model

from ..models import MirroredObject

Json = dict[str, Any]
#: Ids by the family that they are of.
Wanted = dict[str, set[str]]


def _no_rank(data: Json) -> int:
    return 0


def _no_mentions(data: Json) -> Wanted:
    return {}


def _own_id(data: Json) -> str:
    id: str = data["id"]
    return id


@dataclass(frozen=True)
class Children:
    """Rows that live and die with their owner, in whose JSON they are entries."""

    model: type[Model]
    #: The entries in the owner's canonical JSON, each with its id.
    entries: Callable[[Json], Sequence[Json]]
    #: ``owner, entry, position`` to the entry's row.
    row: Callable[[Any, Json, int], Model]


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
    #: Alias to what each of Stripe's lists is narrowed to; several where it lists by
    #: owner only. Asked as the walk goes on, so that later ones may depend on it.
    scopes: Callable[[str], Iterable[Json]] = lambda alias: [{}]
    #: Whether the list can be narrowed to what was created since a moment.
    lists_by_creation: bool = True
    #: Whether a walk brings in what nothing here refers to yet.
    is_wanted: Callable[[Json], bool] = lambda data: True
    #: Foreign keys: column to the id in the canonical JSON.
    references: Mapping[str, Callable[[Json], str | None]] = field(default_factory=dict)
    #: Event types after which the object is gone.
    deletions: frozenset[str] = frozenset()
    #: Fields that Stripe serves only when asked, so they never decide anything.
    expand_only: frozenset[str] = frozenset()
    #: Those of them that an answer must bring. An event cannot, so one is fetched after.
    asked_for: tuple[str, ...] = ()
    #: Fields that Stripe counts by itself: with them alone nothing asked for changes.
    counted: frozenset[str] = frozenset()
    #: Fields that say where to fetch it, in every version of the API.
    found_by: tuple[str, ...] = ()
    #: Gives an id to an object that Stripe serves without one.
    id_of: Callable[[Json], str] = _own_id
    #: A version of higher rank is later than one of lower rank, within a second.
    rank: Callable[[Json], int] = _no_rank
    #: What the children refer to, from the canonical JSON.
    child_references: Callable[[Json], Wanted] = _no_mentions
    children: Children | None = None

    @property
    def name(self) -> str:
        """Stripe's value of ``object``."""
        return self.model.stripe_object

    def mentions(self, data: Json) -> Wanted:
        """The ids of all that an object refers to, its children included."""
        wanted = self.child_references(data)
        for column, id_in in self.references.items():
            if id := id_in(data):
                wanted.setdefault(self.targets[column], set()).add(id)
        return wanted

    @cached_property
    def targets(self) -> dict[str, str]:
        """The family that each foreign key leads to."""
        fields = {name: self.model._meta.get_field(name) for name in self.references}
        models: dict[str, Any] = {
            name: field.related_model for name, field in fields.items()
        }
        return {name: model.stripe_object for name, model in models.items()}
