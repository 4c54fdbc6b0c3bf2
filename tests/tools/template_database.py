"""Keep a migrated SQLite file, so that only a changed migration costs a migration."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import IO

from django.apps import apps


class TemplateDatabase:
    """A migrated database to copy, named after everything that shapes it.

    Of several workers one makes it, and the others wait for that.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{_fingerprint()}.sqlite3"
        self._maker: IO[bytes] | None = None

    def copy_to(self, target: Path) -> None:
        if not self.path.exists():
            self._maker = self.path.with_suffix(".lock").open("wb")
            # Held until it is made, or until its maker is gone.
            fcntl.flock(self._maker, fcntl.LOCK_EX)
        if self.path.exists():
            self._let_go()
            shutil.copyfile(self.path, target)

    def take_from(self, source: Path) -> None:
        if self.path.exists():
            return
        draft = self.path.with_suffix(f".{os.getpid()}")
        with closing(sqlite3.connect(source)) as connection:
            connection.execute("VACUUM INTO ?", [str(draft)])
        draft.replace(self.path)
        self._let_go()

    def _let_go(self) -> None:
        if self._maker:
            self._maker.close()
            self._maker = None


def _fingerprint() -> str:
    digest = hashlib.sha256()
    digest.update(os.environ.get("DJANGO_SETTINGS_MODULE", "").encode())
    for package in ("Django", "wagtail"):
        digest.update(version(package).encode())
    for app in apps.get_app_configs():
        for migration in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(str(migration).encode() + migration.read_bytes())
    return digest.hexdigest()[:24]
