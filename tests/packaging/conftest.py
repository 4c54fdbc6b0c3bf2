from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.snippets import snippets
from tests.tools.sources import ROOT

DISTRIBUTED = [
    "wagtail_billing_portal",
    "pyproject.toml",
    "MANIFEST.in",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
]
PACKAGE_INDEX_NAME = '"wagtail-billing-portal[sandbox]"'
BY_HAND = "runserver"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as people install it, built from a copy of the sources."""
    source = tmp_path_factory.mktemp("source")
    for name in DISTRIBUTED:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(ROOT / name, source / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "uv", "build", "--quiet", "--wheel", str(source)]
    subprocess.run(command, check=True)
    [built] = (source / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="session")
def bakery(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """The tutorial's site: made by doing all that the tutorial says but clicking."""
    folder = tmp_path_factory.mktemp("tutorial")
    script = folder / "tutorial.sh"
    script.write_text("set -eu\n" + _tutorial(wheel))
    subprocess.run(["bash", str(script)], check=True, cwd=folder, env=_environment())
    return folder / "bakery"


@pytest.fixture(scope="session")
def bakery_environment(bakery: Path) -> dict[str, str]:
    """The environment variables that the tutorial exports, and its ``python``."""
    exported = dict(
        line.removeprefix("export ").split("=", 1)
        for snippet in snippets(ROOT / "docs" / "tutorial.md")
        for line in snippet.code.splitlines()
        if line.startswith("export ")
    )
    programs = f"{bakery.parent}/env/bin:{os.environ['PATH']}"
    return {**_environment(), **exported, "PATH": programs}


def _tutorial(wheel: Path) -> str:
    steps = [
        snippet.as_shell
        for snippet in snippets(ROOT / "docs" / "tutorial.md")
        if BY_HAND not in snippet.code
    ]
    installer = f"{shlex.quote(sys.executable)} -m uv"
    built = shlex.quote(f"{wheel}[sandbox]")
    return (
        "\n".join(steps)
        .replace(
            f"pip install {PACKAGE_INDEX_NAME}",
            f"{installer} pip install --quiet --python env/bin/python {built}",
        )
        # What pip would do, uv does.
        .replace(
            "python3 -m venv", f"{shlex.quote(sys.executable)} -m venv --without-pip"
        )
    )


def _environment() -> dict[str, str]:
    """This one, without what would make the site's Django look at ours."""
    ours = {"DJANGO_SETTINGS_MODULE", "PYTHONPATH", "VIRTUAL_ENV", "PYTHONWARNINGS"}
    return {name: value for name, value in os.environ.items() if name not in ours}
