"""
Run a command beside a PostgreSQL of its own, which is gone when the command ends.

    python3 tests/tools/postgres.py pytest

The command finds the address in TEST_DATABASE_URL; when that is set already, it is
used as it is. Without PostgreSQL on the machine nothing is run: that is said, and is
a failure only when REQUIRE_ALL is set. Needs nothing but the standard library.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from urllib.parse import quote

ROLE = DATABASE = "billing"
# A cluster that lives for minutes need not survive a power cut.
SERVER_OPTIONS = "-F -c full_page_writes=off -c max_connections=50 -c listen_addresses="


def main(command: list[str]) -> int:
    if os.environ.get("TEST_DATABASE_URL"):
        return subprocess.run(command).returncode
    binaries = find_binaries()
    if binaries is None:
        print(
            "SKIPPED on PostgreSQL: no server is installed. "
            "On Debian: apt-get install postgresql",
            flush=True,
        )
        return 1 if os.environ.get("REQUIRE_ALL") else 0
    signal.signal(signal.SIGTERM, _leave)
    with a_cluster(binaries) as address:
        environment = {**os.environ, "TEST_DATABASE_URL": address}
        return subprocess.run(command, env=environment).returncode


def find_binaries() -> Path | None:
    """Debian keeps the server's programs off the PATH, one folder a version."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version_of)
    if on_path := shutil.which("initdb"):
        folders.insert(0, Path(on_path).resolve().parent)
    found = [folder for folder in folders if (folder / "pg_ctl").exists()]
    return found[-1] if found else None


@contextmanager
def a_cluster(binaries: Path) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="billing-postgres-"))
    owner = _unprivileged_owner()
    if owner:
        shutil.chown(folder, owner)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(binaries / program), *arguments],
            check=True,
            cwd=folder,
            user=owner,
            stdout=subprocess.DEVNULL,
        )

    data = str(folder / "data")
    try:
        run("initdb", "-D", data, "-U", ROLE, "-A", "trust", "-E", "UTF8", "-N")
        options = f"{SERVER_OPTIONS} -k {folder}"
        log = str(folder / "server.log")
        run("pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start")
        try:
            run("createdb", "-h", str(folder), "-U", ROLE, DATABASE)
            yield f"postgresql://{ROLE}@{quote(str(folder), safe='')}/{DATABASE}"
        finally:
            run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged_owner() -> str | None:
    """PostgreSQL refuses to run as root; anyone else may own the cluster."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _version_of(folder: Path) -> float:
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0.0


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
