from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.tools.sources import PACKAGE, ROOT


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_carries_every_file_of_the_package(names):
    files = {
        str(path.relative_to(ROOT))
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert files - names == set()


def test_the_wheel_carries_nothing_but_the_package(names):
    others = {name.partition("/")[0] for name in names} - {"wagtail_billing_portal"}

    assert all(other.endswith(".dist-info") for other in others)


@pytest.mark.parametrize(
    "app", ["wagtail_billing_portal", "wagtail_billing_portal/sandbox"]
)
@pytest.mark.parametrize("folder", ["templates", "static", "migrations"])
def test_both_apps_bring_what_django_looks_for(names, app, folder):
    assert any(name.startswith(f"{app}/{folder}/") for name in names)
