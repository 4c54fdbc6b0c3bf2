"""
A machine that a site runs on, with a web server and as many workers as wanted.

``python -m tests.scale.machine`` takes orders from its input, a line of JSON each, and
says a number for each: a command of Django's to run in a process of its own is answered
with the process, an event that Stripe brings with the status of the web server's answer.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, connections

from tests.tools.sources import ROOT

PATIENCE = 30


class Machine:
    """Where the processes of a site with a queue run."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.workers: list[int] = []

    def run(self, *command: str) -> int:
        """Start a worker; returns its process."""
        self.workers.append(self._order(list(command)))
        return self.workers[-1]

    def post(self, event: dict[str, Any]) -> int:
        """Have Stripe call; returns the status of the answer."""
        return self._order(event)

    def kill(self, *workers: int) -> None:
        """Let workers end as if the power had failed."""
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
            self.workers.remove(worker)

    def _order(self, what: Any) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def a_machine(**environment: str) -> Iterator[Machine]:
    """One whose site has the test's database."""
    about = {**os.environ, **environment, "TEST_DATABASE_URL": _address()}
    about |= {"DJANGO_SETTINGS_MODULE": "tests.scale.settings", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.scale.machine"],
        env=about,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield Machine(process)
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    latest = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < latest, f"Not within {PATIENCE} seconds."
        time.sleep(0.02)


def _address() -> str:
    """Where the test's own database is."""
    server, _slash, _name = os.environ["TEST_DATABASE_URL"].rpartition("/")
    return f"{server}/{connection.settings_dict['NAME']}"


def _serve() -> None:
    from wagtail_billing_portal.testing import StripeSide

    stripe_side = StripeSide()
    # Whoever ends is gone at once; nobody asks how.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        done = _forked(order) if isinstance(order, list) else stripe_side.post(line)
        sys.stdout.write(f"{done}\n")
        sys.stdout.flush()


def _forked(command: list[str]) -> int:
    connections.close_all()
    process = os.fork()
    if process == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        # What a worker has to say is not the answer to an order.
        os.dup2(os.open(os.devnull, os.O_RDWR), sys.stdin.fileno())
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        try:
            call_command(*command)
        finally:
            os._exit(1)
    return process


if __name__ == "__main__":
    django.setup()
    _serve()
