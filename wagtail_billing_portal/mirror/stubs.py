"""Rows for objects that are known by their id alone, so that nothing waits."""

from __future__ import annotations

from collections.abc import Iterable

from ..models import MirroredObject


def ensure_stubs(
    model: type[MirroredObject], ids: Iterable[str], *, account: str, livemode: bool
) -> None:
    """Make sure that each of ``ids`` has a row; new ones wait for a refresh."""
    model._default_manager.bulk_create(
        [
            model(
                id=id,
                stripe_account=account,
                livemode=livemode,
                as_of=0,
                needs_refresh=True,
            )
            for id in sorted(ids)
        ],
        ignore_conflicts=True,
    )
