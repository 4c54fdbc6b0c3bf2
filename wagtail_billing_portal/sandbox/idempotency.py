"""The first answer to a key is the answer to that key."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from . import clock, store
from .answer import Answer
from .errors import IdempotencyConflict, KeyInUse
from .request import Request
from .world import World

KIND = "_idempotency"
LIFETIME = 24 * 3600
KEPT = {200, 402}

_in_flight: set[tuple[str, str]] = set()
_guard = threading.Lock()


@contextmanager
def in_flight(request: Request) -> Iterator[None]:
    """Turn a second request away while the first with its key is worked on.

    Kept in memory: a crash leaves no key locked, and processes that share a
    database wait for each other's account instead.
    """
    if request.idempotency_key is None:
        yield
        return
    mark = (request.account, request.idempotency_key)
    with _guard:
        if mark in _in_flight:
            raise KeyInUse
        _in_flight.add(mark)
    try:
        yield
    finally:
        with _guard:
            _in_flight.discard(mark)


def recall(world: World, request: Request) -> Answer | None:
    """The answer that this request got before, byte for byte."""
    if request.idempotency_key is None:
        return None
    stored = store.row(world.account, KIND, request.idempotency_key)
    if stored is None:
        return None
    first = stored.data
    # Real time: a frozen or travelling clock must not make a retry pay twice.
    if first["at"] + LIFETIME < clock.wall():
        stored.delete()
        return None
    if first["fingerprint"] != request.fingerprint:
        raise IdempotencyConflict(
            "Keys for idempotent requests can only be used with the same parameters "
            "they were first used with. Try using a key other than "
            f"'{request.idempotency_key}' if you meant to execute a different request."
        )
    return Answer(first["status_code"], first["body"]).with_headers(
        Idempotent_Replayed="true", Original_Request=first["request"]
    )


def remember(world: World, request: Request, answer: Answer) -> None:
    """Keep an answer for the next request with the same key.

    Only of work whose own answer is one of those ``KEPT``: a refusal that changed
    nothing is not, so that the same key may be tried again once its cause is gone.
    """
    if request.idempotency_key is None:
        return
    store.insert(
        world.account,
        {
            "id": request.idempotency_key,
            "object": KIND,
            "at": clock.wall(),
            "fingerprint": request.fingerprint,
            "request": request.id,
            "status_code": answer.status,
            "body": answer.body,
        },
        now=world.now,
    )
