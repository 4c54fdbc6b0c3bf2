"""
Run every benchmark of this folder and print the figures as one JSON list.

A benchmark is a function named ``bench_...`` that takes nothing and returns figures:
dictionaries with a ``name``, a ``value`` and a ``unit``.
"""

from __future__ import annotations

import json
import os
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import django
from django.conf import settings
from django.test.utils import get_runner

from tests import benchmarks

Figure = dict[str, Any]
Benchmark = Callable[[], list[Figure]]


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    found = list(all_benchmarks())
    figures = run(found) if found else []
    print(json.dumps(figures, indent=2))


def all_benchmarks() -> Iterator[Benchmark]:
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if module.name.startswith("bench_"):
            members = vars(import_module(f"{benchmarks.__name__}.{module.name}"))
            yield from (members[name] for name in members if name.startswith("bench_"))


def run(found: list[Benchmark]) -> list[Figure]:
    """Run them on a database that is gone afterwards."""
    runner = get_runner(settings)(verbosity=0, interactive=False)
    runner.setup_test_environment()
    databases = runner.setup_databases()
    try:
        return [figure for benchmark in found for figure in benchmark()]
    finally:
        runner.teardown_databases(databases)
        runner.teardown_test_environment()


if __name__ == "__main__":
    main()
