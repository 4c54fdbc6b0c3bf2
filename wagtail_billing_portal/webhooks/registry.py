"""Effects of Stripe's events beyond mirroring: ``@on("invoice.paid")``."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..models import MirroredObject, StripeEvent

Handler = Callable[["StripeEvent", "MirroredObject | None"], None]

_handlers: dict[str, list[Handler]] = {}


def on(*event_types: str) -> Callable[[Handler], Handler]:
    """Run the decorated function once for every event of these types.

    It gets the stored event and the mirrored row as it stands now (``None`` for a
    kind that is not mirrored), inside the transaction that marks the event as
    processed: when it raises, nothing is kept and the event is tried again.
    """

    def register(handler: Handler) -> Handler:
        for event_type in event_types:
            _handlers.setdefault(event_type, []).append(handler)
        return handler

    return register


def handlers_of(event_type: str) -> tuple[Handler, ...]:
    """The effects of one event type, in the order of registration."""
    return tuple(_handlers.get(event_type, ()))


def events_with_handlers() -> list[str]:
    """Event types that somebody waits for."""
    return sorted(name for name, handlers in _handlers.items() if handlers)


@contextmanager
def handling(event_type: str, handler: Handler) -> Iterator[None]:
    """Register ``handler`` for the length of a ``with`` block, as tests need."""
    on(event_type)(handler)
    try:
        yield
    finally:
        _handlers[event_type].remove(handler)
