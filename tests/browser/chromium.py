"""A Chromium to drive, and what every page opened in it is watched for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

HOW_TO_GET_IT = "Chromium is missing: install it with `apt-get install chromium`."
#: The first that is there: without a screen to draw for, it takes a third of the time.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: What a page may take on a machine that runs the rest of the suite as well.
PATIENCE = 30_000


def executable() -> str | None:
    """Where Chromium is, if it is installed."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def is_required() -> bool:
    """Whether a missing Chromium is a failure instead of a skipped test."""
    return bool(os.environ.get("REQUIRE_ALL"))


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable(), args=list(ARGUMENTS)
        )
        yield browser
        browser.close()


@contextmanager
def window(browser: Browser, base_url: str, **options: Any) -> Iterator[Page]:
    """A fresh window on the site, without cookies."""
    context = browser.new_context(base_url=base_url, locale="en-GB", **options)
    context.set_default_timeout(PATIENCE)
    context.set_default_navigation_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@dataclass
class Complaints:
    """What a browser's console says about the pages it shows."""

    heard: list[str] = field(default_factory=list)

    def listen_to(self, page: Page) -> None:
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.heard.append(str(error)))

    @property
    def about_security(self) -> list[str]:
        return [text for text in self.heard if "Content Security Policy" in text]

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.heard.append(f"{message.text} ({message.location.get('url')})")


def barriers(page: Page) -> str:
    """What axe finds in the way of somebody on this page; empty when nothing."""
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    return found.generate_report() if found.violations_count else ""


def is_too_wide(page: Page) -> bool:
    """Whether somebody has to scroll sideways."""
    return bool(
        page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    )
