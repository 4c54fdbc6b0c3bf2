"""Keys that make a repeated request harmless."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import stripe

from ..models import KeptRequest


def new_key() -> str:
    """A key for one intent of a member; forms carry it from the moment they show."""
    return uuid.uuid4().hex


def options(key: str, *parts: str) -> stripe.RequestOptions:
    """The SDK's request options for ``key``; ``parts`` tell several calls apart."""
    return {"idempotency_key": ":".join((key, *parts))[:255]}


def kept_request(purpose: str, params: Any) -> tuple[str, Any]:
    """Key and content stored for ``purpose``: the first caller's, for everyone."""
    kept, _created = KeptRequest.objects.get_or_create(
        purpose=purpose, defaults={"key": new_key(), "params": params}
    )
    return kept.key, kept.params


def keep_anew(purpose: str, params: Any) -> None:
    """Store ``params`` for ``purpose`` in the place of whatever was stored."""
    forget_request(purpose)
    kept_request(purpose, params)


def kept_of(kind: str, alias: str = "", **which: Any) -> dict[str, KeptRequest]:
    """All of ``kind:<alias>:<id>``, the oldest first, by that id.

    ``alias`` names one Stripe account; all are meant unless given.
    ``which`` filters them further.
    """
    beginning = f"{kind}:{alias}:" if alias else f"{kind}:"
    kept = KeptRequest.objects.filter(purpose__startswith=beginning, **which)
    return {it.purpose.rpartition(":")[2]: it for it in kept.order_by("created_at")}


def is_first(purpose: str) -> bool:
    """Whether nobody has asked this of ``purpose`` before, however many ask at once."""
    _kept, created = KeptRequest.objects.get_or_create(
        purpose=purpose, defaults={"key": new_key()}
    )
    return created


def known_request(purpose: str) -> Any:
    """The content stored for ``purpose``, or ``None``."""
    kept = KeptRequest.objects.filter(purpose=purpose).first()
    return kept and kept.params


def forget_request(purpose: str) -> None:
    """Let the next caller make a new one, because what was made is gone."""
    KeptRequest.objects.filter(purpose=purpose).delete()


def forget_requests(purposes: str, *, before: datetime) -> int:
    """Drop all whose purpose begins so, and that were made before; their number."""
    kept = KeptRequest.objects.filter(purpose__startswith=purposes)
    return kept.filter(created_at__lt=before).delete()[0]


def take_request(purpose: str) -> Any:
    """The content stored for ``purpose``, for one caller alone; else ``None``."""
    kept = KeptRequest.objects.filter(purpose=purpose)
    found = kept.first()
    if found is None or not kept.filter(key=found.key).delete()[0]:
        return None
    return found.params
