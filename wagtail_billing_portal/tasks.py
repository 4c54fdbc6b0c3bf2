"""Work that need not hold up an answer: primary keys in, nothing out."""

from __future__ import annotations

from django_tasks import task

from .mirror import inbox, refresh


@task()
def drain_inbox() -> None:
    """Apply waiting events, then fetch what they left undecided."""
    inbox.drain()
    refresh.refresh_due()
