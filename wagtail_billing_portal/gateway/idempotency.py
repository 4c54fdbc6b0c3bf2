"""Keys that make a repeated request harmless."""

from __future__ import annotations

import uuid
from typing import TypedDict

from ..models import KeptKey


class Options(TypedDict):
    idempotency_key: str


def new_key() -> str:
    """A key for one intent of a member; forms carry it from the moment they show."""
    return uuid.uuid4().hex


def options(key: str, *parts: str) -> Options:
    """The SDK's request options for ``key``; ``parts`` tell several calls apart."""
    return {"idempotency_key": ":".join((key, *parts))[:255]}


def kept_key(purpose: str) -> str:
    """The stored key for ``purpose``: the same in every process until dropped."""
    kept, _created = KeptKey.objects.get_or_create(
        purpose=purpose, defaults={"key": new_key()}
    )
    return kept.key


def drop_kept_key(purpose: str) -> None:
    """Forget the key, because what it made is known by now."""
    KeptKey.objects.filter(purpose=purpose).delete()
