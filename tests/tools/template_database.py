"""Keep a migrated SQLite file, so that only a changed migration costs a migration."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from django.apps import apps


class TemplateDatabase:
    """A migrated database to copy, named after everything that shapes it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{_fingerprint()}.sqlite3"

    def copy_to(self, target: Path) -> None:
        if self.path.exists():
            shutil.copyfile(self.path, target)

    def take_from(self, source: Path) -> None:
        if self.path.exists():
            return
        draft = self.path.with_suffix(f".{os.getpid()}")
        with closing(sqlite3.connect(source)) as connection:
            connection.execute("VACUUM INTO ?", [str(draft)])
        draft.replace(self.path)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    digest.update(os.environ.get("DJANGO_SETTINGS_MODULE", "").encode())
    for package in ("Django", "wagtail"):
        digest.update(version(package).encode())
    for app in apps.get_app_configs():
        for migration in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(str(migration).encode() + migration.read_bytes())
    return digest.hexdigest()[:24]
