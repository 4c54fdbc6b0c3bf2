"""The processes of a site at work: its web server, its workers, and its Stripe."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from urllib.request import Request, urlopen

from .databases import environment

HOST = "127.0.0.1"
DJANGO = [sys.executable, "-m", "django"]
GUNICORN = [
    *(sys.executable, "-m", "gunicorn", "tests.benchmarks.wsgi"),
    *("--worker-class", "sync", "--workers", "1", "--log-level", "error"),
    *("--timeout", "120"),
]
WORKER = ["db_worker", "--no-startup-delay", "--interval", "0.05"]
LONGEST_START = 60


@dataclass(frozen=True)
class Site:
    """A web server of one worker."""

    port: int
    database: str
    process: int

    @property
    def worker(self) -> int:
        """The process that answers."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children")
        return int(children.read_text().split()[0])


@contextmanager
def a_site(database: str, *, stripe: str, has_queue: bool = False) -> Iterator[Site]:
    """The portal under gunicorn, on a database, with a sandbox for its Stripe."""
    port, tasks = _free_port(), "database" if has_queue else ""
    about = {"BENCH_DATABASE": database, "BENCH_STRIPE": stripe, "BENCH_TASKS": tasks}
    with a_process([*GUNICORN, "--bind", f"{HOST}:{port}"], **about) as process:
        _wait_for(port)
        yield Site(port, database, process.pid)


@contextmanager
def a_worker(database: str, *, stripe: str) -> Iterator[int]:
    """A worker of the queue in that database; yields its process."""
    about = {"BENCH_DATABASE": database, "BENCH_STRIPE": stripe}
    with a_process([*DJANGO, *WORKER], **about, BENCH_TASKS="database") as process:
        # It says that it starts, and later what it does, to which nobody listens.
        assert process.stdout is not None
        process.stdout.readline()
        Thread(target=process.stdout.read, daemon=True).start()
        yield process.pid


@contextmanager
def a_sandbox(database: str) -> Iterator[str]:
    """The sandbox that has its objects there; yields where it answers."""
    command = [*DJANGO, "stripe_sandbox", "--port=0"]
    with a_process(command, BENCH_DATABASE=database) as process:
        assert process.stdout is not None
        found = re.search(r"http://[\d.:]+", process.stdout.readline())
        assert found is not None
        yield found[0]


def slow_down(sandbox: str, milliseconds: int) -> None:
    """Let every answer of a sandbox take so much longer from now on."""
    body = json.dumps({"latency": milliseconds}).encode()
    kind = {"Content-Type": "application/json"}
    with urlopen(Request(f"{sandbox}/_sandbox/faults", body, kind)):
        return


@contextmanager
def held(*processes: int) -> Iterator[None]:
    """Let processes stand still meanwhile, so that they cost others nothing."""
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


@contextmanager
def a_process(command: list[str], **about: str) -> Iterator[subprocess.Popen[str]]:
    """A process of the benchmarks' site, spoken to by its input and output."""
    with subprocess.Popen(
        command,
        env=environment(**about),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        port: int = found.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until:
        try:
            socket.create_connection((HOST, port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"Nothing answers at port {port}.")
