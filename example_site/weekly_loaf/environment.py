"""What the environment says; a developer's machine makes its own secrets, once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def flag(name: str, *, default: bool) -> bool:
    """Whether the variable says yes: ``1``, ``true``, ``yes`` or ``on``."""
    value = os.environ.get(name, "")
    return value.lower() in {"1", "true", "yes", "on"} if value else default


def secret(name: str, *, folder: Path, make: Callable[[], str]) -> str:
    """The variable, else a value made on first use and kept in ``folder``."""
    if value := os.environ.get(name):
        return value
    kept = folder / name.lower()
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(make())
    return kept.read_text()
