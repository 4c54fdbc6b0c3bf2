"""The package as people install it: the tutorial is done, and its site is asked."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.tools.snippets import snippets
from tests.tools.sources import ROOT


@pytest.fixture(scope="module")
def address(bakery: Path, bakery_environment: dict[str, str]) -> Iterator[str]:
    """The site's address, with the three blocks on its home page."""
    _manage(bakery, bakery_environment, "shell", script=_blocks())
    port = _free_port()
    command = ["python", "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    server = subprocess.Popen(
        command, cwd=bakery, env=bakery_environment, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def test_the_page_shows_all_three_blocks(address):
    page = _read(f"{address}/")

    assert "Our bread" in page
    assert "Bread club" in page
    assert "€12" in page
    assert "Sourdough" in page
    assert "Your bread" in page
    assert "Your bills" in page


def test_the_page_finds_its_styles(address):
    assert "--billing" in _read(f"{address}/static/wagtail_billing_portal/portal.css")


def test_the_portal_asks_visitors_to_log_in(address):
    with urlopen(f"{address}/billing/") as response:
        assert response.url.startswith(f"{address}/admin/login/")


def test_no_migration_is_missing(bakery, bakery_environment):
    _manage(bakery, bakery_environment, "makemigrations", "--check", "--dry-run")


def test_the_readme_says_what_the_tutorial_does():
    tutorial = [snippet.code for snippet in snippets(ROOT / "docs" / "tutorial.md")]

    untold = [
        snippet.code
        for snippet in snippets(ROOT / "README.md")
        if snippet.language == "python" and snippet.code not in tutorial
    ]

    assert untold == []


def _manage(
    site: Path, environment: dict[str, str], *arguments: str, script: str = ""
) -> None:
    command = ["python", "manage.py", *arguments]
    subprocess.run(
        command, check=True, cwd=site, env=environment, input=script, text=True
    )


def _blocks() -> str:
    return Path(__file__).with_name("place_blocks.py").read_text()


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            return urlopen(address).close()
        except URLError:
            time.sleep(0.2)
    raise TimeoutError(f"Nothing answers at {address}.")


def _read(address: str) -> str:
    with urlopen(address) as response:
        return response.read().decode()
