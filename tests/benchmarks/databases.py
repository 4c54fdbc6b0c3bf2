"""Databases that are migrated already, quick to get, and gone at the end."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dj_database_url
import psycopg
from django.db import connections

from tests.tools.postgres import a_cluster, find_binaries
from tests.tools.sources import ROOT

SQLITE, POSTGRESQL = "sqlite", "postgresql"
IN_MEMORY = "sqlite://:memory:"
TEMPLATE = "BENCH_TEMPLATE"

_numbers = itertools.count()


@contextmanager
def engine(name: str) -> Iterator[dict[str, str]]:
    """What a child's environment must say to get databases of this engine."""
    if name == SQLITE:
        with tempfile.TemporaryDirectory(prefix="billing-bench-") as folder:
            yield _migrated(f"sqlite:///{folder}/template.sqlite3")
    elif binaries := find_binaries():
        with a_cluster(binaries) as address:
            yield _migrated(address)
    else:
        sys.exit("No PostgreSQL is installed. On Debian: apt-get install postgresql")


def fresh() -> str:
    """The address of another migrated database of this process's engine."""
    template = os.environ[TEMPLATE]
    name = f"bench_{os.getpid()}_{next(_numbers)}"
    if template.startswith(SQLITE):
        source = Path(template.removeprefix("sqlite:///"))
        target = source.with_name(f"{name}.sqlite3")
        shutil.copyfile(source, target)
        return f"sqlite:///{target}"
    base, _slash, source_name = template.rpartition("/")
    with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {source_name}")
    return f"{base}/{name}"


def use(address: str) -> None:
    """Let this process go on with another database."""
    connections.close_all()
    found = {"default": settings_of(address)}
    connections.settings = connections.configure_settings(found)
    connections["default"] = connections.create_connection("default")


def settings_of(address: str) -> dict[str, Any]:
    """What Django must know of a database that serves a site at work."""
    # Whoever cares for speed keeps the connection from one request to the next.
    found: dict[str, Any] = {**dj_database_url.parse(address, conn_max_age=None)}
    if address.startswith(SQLITE):
        found["OPTIONS"] = {
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
        }
    return found


def environment(**about: str) -> dict[str, str]:
    """The environment of a process of the benchmarks' site."""
    settings = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings"}
    return {**os.environ, **settings, "PYTHONPATH": str(ROOT), **about}


def _migrated(address: str) -> dict[str, str]:
    about = {TEMPLATE: address, "BENCH_DATABASE": address}
    command = [sys.executable, "-m", "django", "migrate", "--run-syncdb", "-v0"]
    subprocess.run(command, env=environment(**about), check=True)
    return about
