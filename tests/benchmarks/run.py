"""
One module of this folder in a process of its own, with the site set up around it.

``python -m tests.benchmarks.run bench_statements`` prints that file's figures, each as
soon as it is known; a module with a ``main`` is left to that.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module

import django
from django.core.management import call_command

from .databases import IN_MEMORY, TEMPLATE, fresh, use
from .figures import Figure, show


def main(name: str, *arguments: str) -> None:
    os.environ.setdefault("BENCH_DATABASE", IN_MEMORY)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.settings")
    django.setup()
    members = vars(import_module(f"tests.benchmarks.{name}"))
    if run := members.get("main"):
        run(*arguments)
        return
    benchmarks: list[Callable[[], Iterator[Figure]]]
    benchmarks = [members[it] for it in members if it.startswith("bench_")]
    for benchmark in benchmarks:
        if TEMPLATE in os.environ:
            use(fresh())
        else:
            call_command("migrate", run_syncdb=True, verbosity=0)
        for figure in benchmark():
            show(figure)


if __name__ == "__main__":
    main(*sys.argv[1:])
