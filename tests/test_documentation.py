"""The documentation says what is there, and nothing that is not."""

from __future__ import annotations

import re

import pytest

from tests.tools.public_names import PAGES
from tests.tools.sources import ROOT, TESTS, first_cells, headings, python_files
from wagtail_billing_portal import __version__

REFERENCE = ROOT / "docs" / "reference"


@pytest.mark.parametrize("page", PAGES)
def test_the_reference_names_everything_public(page):
    path = REFERENCE / f"{page}.md"
    documented = headings(path) | first_cells(path)

    missing = [
        f"{name} is not in docs/reference/{page}.md."
        for name in sorted(PAGES[page]())
        if name not in documented
    ]

    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_the_reference_names_nothing_that_is_gone(page):
    existing = set(PAGES[page]())

    stale = [
        f"docs/reference/{page}.md describes {name}, which does not exist."
        for name in sorted(headings(REFERENCE / f"{page}.md"))
        if name not in existing
    ]

    assert stale == []


def test_the_changelog_begins_with_this_version():
    changelog = (ROOT / "CHANGELOG.md").read_text()

    newest = re.search(r"^## (\S+)", changelog, re.MULTILINE)

    assert newest
    assert newest.group(1) == __version__


def test_every_limit_is_told_by_a_test_that_there_is():
    page = (ROOT / "docs" / "explanation" / "limits.md").read_text()
    names = {test.name for source in python_files(TESTS) for test in source.functions}

    told = re.findall(r"`(test_\w+)`", page)

    assert [name for name in told if name not in names] == []
    numbers = {int(n) for n in re.findall(r"`test_d(\d+)_", page)}
    assert {*range(1, 21)} <= numbers


def test_the_readme_is_short():
    lines = (ROOT / "README.md").read_text().splitlines()

    assert len(lines) <= 60, "The README points to docs/; long text lives there."


def test_every_picture_that_a_page_shows_is_there_and_each_setting_has_its_own():
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    shown = {
        (page.parent / path).resolve()
        for page in pages
        for path in re.findall(r"!\[[^\]]*\]\(([^)]+\.png)\)", page.read_text("utf-8"))
    }
    of_settings = {*(ROOT / "docs" / "images").glob("setting-*.png")}

    assert [path for path in shown if not path.is_file()] == []
    assert of_settings <= shown
