"""The suite on every supported combination whose Python is on this machine."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nox

os.environ["UV_PYTHON_DOWNLOADS"] = "never"
nox.options.default_venv_backend = "uv"
nox.options.error_on_missing_interpreters = False
nox.options.reuse_existing_virtualenvs = True

# What needs a browser or a site of its own says nothing about versions.
SITES = ("browser", "example_site", "packaging")
SUITE = [*(f"--ignore=tests/{folder}" for folder in SITES), "-n", "2"]


def _interpreter(*versions: str) -> str:
    """The first that is here; pyenv keeps those that it does not offer to the shell."""
    for version in versions:
        kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
        if found := str(kept[-1]) if kept else shutil.which(f"python{version}"):
            return found
    return versions[0]


def _run(
    session: nox.Session,
    *requirements: str,
    resolution: str = "highest",
    settings: str = "tests.settings",
    on_postgres: bool = False,
) -> None:
    session.install(
        "--quiet",
        f"--resolution={resolution}",
        *("--group", "test"),
        *("-e", ".[sandbox,localize,postgres]"),
        *requirements,
    )
    command = ["python", "-m", "pytest", *(session.posargs or SUITE)]
    environment = {"DJANGO_SETTINGS_MODULE": settings, "TEST_DATABASE_URL": ""}
    if on_postgres:
        command = ["python", "tests/tools/postgres.py", *command]
        environment["EVERY_ENGINE"] = "1"
    session.run(*command, env=environment)


@nox.session(python=_interpreter("3.11"))
def lts(session: nox.Session) -> None:
    """The long-term releases, on a site with a user model of its own."""
    _run(
        session,
        "wagtail~=7.4.0",
        "django~=5.2.0",
        settings="tests.settings_custom_user",
    )


@nox.session(python=_interpreter("3.11"))
def current(session: nox.Session) -> None:
    """The newest Wagtail on the Django of long-term support."""
    _run(session, "wagtail~=8.0.0", "django~=5.2.0")


@nox.session(python=_interpreter("3.13", "3.12"))
def newest(session: nox.Session) -> None:
    """The newest Django and Wagtail and Python that is here, all of it on PostgreSQL."""
    _run(session, "wagtail~=8.0.0", "django~=6.1.0", on_postgres=True)


@nox.session(python=_interpreter("3.11"))
def lowest(session: nox.Session) -> None:
    """The oldest releases that the project file admits."""
    _run(session, resolution="lowest-direct")
