"""Catalogues are complete, and what is shipped was compiled from them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.tools.sources import EXAMPLE, PACKAGE, ROOT

#: The sandbox is an app of its own and has its own catalogue.
EXCEPT = ["--ignore", "sandbox/*"]
CATALOGUES = sorted(
    path for folder in (PACKAGE, EXAMPLE) for path in folder.rglob("*.po")
)


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda it: str(it.relative_to(ROOT)))
def test_every_text_is_translated(path):
    untranslated = [
        message.id
        for message in catalogue(path)
        if message.id and (message.fuzzy or not all(_texts(message.string)))
    ]

    assert untranslated == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda it: str(it.relative_to(ROOT)))
def test_the_compiled_catalogue_is_of_today(path):
    with path.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)

    stale = [
        message.id
        for message in catalogue(path)
        if message.id and _texts(message.string) != _compiled(compiled, message)
    ]

    assert stale == [], "Run `make messages`."


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda it: str(it.relative_to(ROOT)))
def test_no_text_is_missing(path, tmp_path):
    if shutil.which("xgettext") is None:
        (pytest.fail if os.environ.get("REQUIRE_ALL") else pytest.skip)(
            "gettext is missing: install it with `apt-get install gettext`."
        )
    copy = tmp_path / "app"
    shutil.copytree(path.parents[3], copy)

    collect = [sys.executable, "-m", "django", "makemessages", "--all", *EXCEPT]
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    subprocess.run(collect, check=True, cwd=copy, capture_output=True, env=environment)

    known = {message.id for message in catalogue(path)}
    there = catalogue(copy / path.relative_to(path.parents[3]))
    assert [message.id for message in there if message.id not in known] == []


def _compiled(compiled: Catalog, message: Message) -> tuple[str, ...]:
    found = compiled.get(message.id, message.context)
    return _texts(found.string) if found else ()


def _texts(string: str | Sequence[str]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)
