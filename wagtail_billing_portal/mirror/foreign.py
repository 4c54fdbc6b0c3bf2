"""Where an id is another account's: that object stays out, and all others come in."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from ..models import MirroredObject
from .arrivals import Arrival, Key
from .families import FAMILIES
from .family import Json
from .ingest import ForeignObject, ingest, ingest_all
from .snapshots import canonical

logger = logging.getLogger("wagtail_billing_portal.mirror")


def ingest_what_may(arrivals: Sequence[Arrival], *, account: str) -> dict[Key, str]:
    """Let in what may come in; says why of what has to stay out."""
    if not arrivals:
        return {}
    try:
        with transaction.atomic():
            ingest_all(arrivals, account=account)
    except ForeignObject as error:
        return _ingest_parts(arrivals, account, str(error))
    return {}


def ingest_apart(raw: Json, *, account: str, **about: Any) -> MirroredObject | None:
    """``ingest``, but what came expanded may stay out. Raises ``ForeignObject``."""
    try:
        return ingest(raw, account=account, **about)
    except ForeignObject:
        *neighbors, own = _unfolded(Arrival(raw, **about))
        if not neighbors:
            raise
    for reason in ingest_what_may(neighbors, account=account).values():
        logger.warning("Left out: %s", reason)
    return ingest_all([own], account=account).rows[0]


def _ingest_parts(
    arrivals: Sequence[Arrival], account: str, reason: str
) -> dict[Key, str]:
    if len(arrivals) > 1:
        half = len(arrivals) // 2
        parts = [arrivals[:half], arrivals[half:]]
    else:
        parts = [[part] for part in _unfolded(arrivals[0])]
        if len(parts) == 1:
            return {arrivals[0].key: reason}
    refused: dict[Key, str] = {}
    for part in parts:
        refused |= ingest_what_may(part, account=account)
    return refused


def _unfolded(arrival: Arrival) -> list[Arrival]:
    """What came expanded, each by itself, and then the object with their ids."""
    if (family := FAMILIES.get(arrival.key[0])) is None:
        return [arrival]
    data, expanded = canonical(arrival.raw, family)
    asked = {key: arrival.raw[key] for key in family.asked_for if key in arrival.raw}
    own = replace(arrival, raw={**asked, **data})
    return [*(Arrival(it, arrival.as_of, since=arrival.since) for it in expanded), own]
