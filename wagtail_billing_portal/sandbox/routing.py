"""Which function answers which request; resources register themselves here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from .world import World

Handler = Callable[..., dict[str, Any]]
Expander = Callable[["World", dict[str, Any]], Any]

PLACEHOLDER = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Operation:
    """One method and path of Stripe's API, and the function that answers it."""

    method: str
    path: str
    handler: Handler
    handles: frozenset[str]
    pattern: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        pattern = PLACEHOLDER.sub(r"(?P<\1>[^/]+)", self.path)
        object.__setattr__(self, "pattern", re.compile(pattern))

    @property
    def vagueness(self) -> tuple[bool, ...]:
        """Sorts literal segments before placeholders."""
        return tuple("{" in segment for segment in self.path.split("/"))

    @property
    def place(self) -> tuple[str, int]:
        """Where to look for it: only paths as long as its own can match."""
        return self.method, self.path.count("/")


_operations: dict[tuple[str, str], Operation] = {}
_places: dict[tuple[str, int], list[Operation]] = {}
_expanders: dict[tuple[str, str], Expander] = {}


def operation(
    method: str, path: str, *, handles: Iterable[str] = ()
) -> Callable[[Handler], Handler]:
    """Answer ``method`` on ``path`` with the decorated function.

    It is called with the world, the typed parameters and the path's ids, and
    returns a Stripe object. ``handles`` names the top-level parameters that it
    implements: any other one that Stripe has is refused instead of ignored.
    """

    def register(handler: Handler) -> Handler:
        made = Operation(method, path, handler, frozenset(handles))
        _operations[method, path] = made
        others = [it for it in _places.get(made.place, ()) if it.path != path]
        _places[made.place] = sorted([*others, made], key=lambda it: it.vagueness)
        return handler

    return register


def expander(kind: str, name: str) -> Callable[[Expander], Expander]:
    """Fill in a field that Stripe omits by default, when ``expand`` names it.

    The decorated function gets the world and the object and returns the value.
    """

    def register(function: Expander) -> Expander:
        _expanders[kind, name] = function
        return function

    return register


def expander_for(kind: str, name: str) -> Expander | None:
    return _expanders.get((kind, name))


def operations() -> list[Operation]:
    """Everything that the sandbox answers."""
    return list(_operations.values())


def match(method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
    """The operation for a request and the ids in its path; literals win."""
    for candidate in _places.get((method, path.count("/")), ()):
        if found := candidate.pattern.fullmatch(path):
            ids = {name: unquote(value) for name, value in found.groupdict().items()}
            return None if any("\0" in id for id in ids.values()) else (candidate, ids)
    return None
