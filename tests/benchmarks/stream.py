"""Events of a business at the sandbox: in a file to be replayed, or as they happen."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from .servers import a_process, a_sandbox

RUN = [sys.executable, "-m", "tests.benchmarks.run"]


@dataclass(frozen=True)
class Stream:
    """What happened, and a sandbox as it is after all that."""

    #: A file with the body of one webhook call, as a JSON string, on each line.
    path: str
    length: int
    #: Where the sandbox answers.
    stripe: str


@contextmanager
def a_stream(number: int) -> Iterator[Stream]:
    """At least ``number`` events, which lie in the past."""
    with _a_world() as (folder, world):
        path = folder / "stream.jsonl"
        with _living(world, number) as acts:
            bodies = [json.dumps(body) for act in acts for body in act]
        path.write_text("".join(f"{body}\n" for body in bodies))
        with a_sandbox(world) as stripe:
            yield Stream(str(path), len(bodies), stripe)


@contextmanager
def a_live_stream(number: int) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """A sandbox, and the bodies of each act there, which happens when asked for."""
    with _a_world() as (_folder, world), _living(world, number) as acts:
        opening = next(acts)
        with a_sandbox(world) as stripe:
            yield stripe, chain([opening], acts)


@contextmanager
def a_large_world(events: int, objects: int) -> Iterator[str]:
    """A sandbox with so many objects, as after so many events many times over."""
    with _a_world() as (_folder, world):
        command = [*RUN, "multiplied", str(events), str(objects)]
        with a_process(command, BENCH_DATABASE=world) as process:
            process.communicate()
        with a_sandbox(world) as stripe:
            yield stripe


def next_of(acts: Iterator[list[str]], number: int) -> list[str]:
    """What happens next, at least ``number`` events of it if there are so many."""
    bodies: list[str] = []
    while len(bodies) < number and (act := next(acts, None)):
        bodies += act
    return bodies


@contextmanager
def _a_world() -> Iterator[tuple[Path, str]]:
    with tempfile.TemporaryDirectory(prefix="billing-bench-") as folder:
        yield Path(folder), f"sqlite:///{folder}/world.sqlite3"


@contextmanager
def _living(world: str, number: int) -> Iterator[Iterator[list[str]]]:
    command = [*RUN, "living", str(number)]
    with a_process(command, BENCH_DATABASE=world) as process:
        yield _acts(process)


def _acts(process: subprocess.Popen[str]) -> Iterator[list[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    while True:
        process.stdin.write("\n")
        process.stdin.flush()
        if not (line := process.stdout.readline()):
            return
        yield json.loads(line)
