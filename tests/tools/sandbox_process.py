"""The sandbox in a process of its own, as other programs meet it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.tools.sources import ROOT

COMMAND = [sys.executable, "-m", "django", "stripe_sandbox", "--port=0", "--fresh"]


@contextmanager
def sandbox_process(**environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and where it answers; it shares nothing with this one."""
    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        COMMAND,
        env={**os.environ, **settings, **environment},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://[\d.:]+", process.stdout.readline())
            assert found is not None
            yield process, found[0]
        finally:
            process.kill()
