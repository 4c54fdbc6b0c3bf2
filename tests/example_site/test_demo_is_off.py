"""Logging in as anybody exists in the demo alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.sources import EXAMPLE

MANAGE = EXAMPLE / "manage.py"
TRY_TO_BECOME = """
from django.http import Http404
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse
from weekly_loaf.demo.views import become
try:
    reverse("demo:become")
except NoReverseMatch:
    print("no address")
try:
    become(RequestFactory().post("/", {"who": "ada@example.com"}))
except Http404:
    print("no view")
"""


def manage(folder: Path, *arguments: str, **variables: str):
    ours = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "PYTHONWARNINGS"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(
        [sys.executable, str(MANAGE), *arguments],
        env={**kept, "VAR": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("switch", ["DEMO", "DEBUG"])
def test_nobody_becomes_anybody_outside_the_demo(tmp_path: Path, switch: str):
    done = manage(tmp_path, "shell", "-v0", "-c", TRY_TO_BECOME, **{switch: "0"})

    assert done.stdout.splitlines() == ["no address", "no view"], done.stderr


def test_the_demo_is_not_served_outside_the_demo(tmp_path: Path):
    done = manage(tmp_path, "demo", DEMO="0")

    assert done.returncode == 1
    assert "this site is not a demo" in done.stderr
