"""The example site as a process of its own, filled and served by its own command."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.tools.sources import ROOT

MANAGE = ROOT / "example_site" / "manage.py"
PASSWORD = "sourdough"
#: The last thing that the command says, once its port is bound.
IS_SERVING = "Quit the server"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the site with its database in ``folder``; gives its address."""
    port = _free_port()
    log = folder / "server.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [sys.executable, str(MANAGE), "demo"],
            env=_environment(folder, port),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            _wait(process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def manage(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the site whose database is in ``folder``."""
    return subprocess.run(
        [sys.executable, str(MANAGE), *arguments],
        env=_environment(folder, 8000),
        capture_output=True,
        text=True,
        check=False,
    )


def _wait(process: subprocess.Popen[str], log: Path) -> None:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if IS_SERVING in line:
            return
    raise RuntimeError(
        f"The example site did not start.\n{''.join(said)}\n{log.read_text()}"
    )


def _environment(folder: Path, port: int) -> dict[str, str]:
    ours = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "PYTHONWARNINGS", "ORIGIN"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {
        **kept,
        "VAR": str(folder),
        "PORT": str(port),
        "DEBUG": "1",
        "DEMO": "1",
        "DEMO_PASSWORD": PASSWORD,
        "PYTHONUNBUFFERED": "1",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
