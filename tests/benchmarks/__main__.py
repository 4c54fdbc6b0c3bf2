"""
Run the benchmarks of this folder; each figure is one JSON object on a line of its own.

    make bench                                    everything
    make bench BENCH="webhooks drain"             bench_webhooks.py and bench_drain.py
    BENCH_ENGINES=sqlite BENCH_FULL=1 make bench BENCH=pages

``BENCH_FULL`` takes the sizes that take long: a million invoices, sixty thousand
objects. A benchmark is a function named ``bench_...`` that takes nothing and yields
figures. Each file runs in a process of its own, once on each engine, each function on
a database of its own; PostgreSQL's cluster is private and, like SQLite's file, does
not wait for the disk.
"""

from __future__ import annotations

import os
import subprocess
import sys

from .databases import IN_MEMORY, POSTGRESQL, SQLITE, engine, environment

#: What depends on no database comes first.
ONCE = ("sandbox_year",)
ON_EACH_ENGINE = ("statements", "webhooks", "drain", "memory", "backfill", "pages")


def main(chosen: list[str]) -> int:
    known = [*ONCE, *ON_EACH_ENGINE]
    if unknown := set(chosen) - set(known):
        sys.exit(f"There is no {', '.join(unknown)}; there is {', '.join(known)}.")
    wanted = [name for name in known if not chosen or name in chosen]
    failed = [it for it in ONCE if it in wanted and not _ran(it)]
    on_each = [name for name in ON_EACH_ENGINE if name in wanted]
    engines = os.environ.get("BENCH_ENGINES", f"{SQLITE} {POSTGRESQL}").split()
    for name in engines if on_each else ():
        with engine(name) as about:
            failed += [it for it in on_each if not _ran(it, **about)]
    return bool(failed)


def _ran(name: str, **about: str) -> bool:
    command = [sys.executable, "-m", "tests.benchmarks.run", f"bench_{name}"]
    within = environment(**{"BENCH_DATABASE": IN_MEMORY, **about})
    return subprocess.run(command, env=within).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
