"""Pictures of every page, on a phone and on a desk, light and dark; and of settings.

``python -m tests.browser.screenshots [folder]`` writes them to ``docs/images``.
"""

from __future__ import annotations

import shutil
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.chromium import chromium, window
from tests.browser.guide import take_pairs
from tests.browser.pictures import save
from tests.browser.site import served
from tests.browser.tour import SITE, TOUR, Stop, enter
from tests.tools.sources import ROOT

WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")
HEIGHT = 800
TALLEST = 2600
#: What the project's README shows.
SHOWPIECE = "account-active-1280-light"


def take_all(folder: Path) -> None:
    """Serve the site and take the whole tour."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as var, served(Path(var)) as site, chromium() as browser:
        for stop in TOUR:
            take(stop, browser, site, folder)
        # Last: it changes the settings.
        take_pairs(browser, site, Path(var), folder)
    shutil.copy(folder / f"{SHOWPIECE}.png", folder / "portal.png")


def take(stop: Stop, browser: Browser, site: str, folder: Path) -> None:
    """Four pictures of one page."""
    with window(browser, site) as page:
        enter(page, stop.who)
        stop.visit(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                path = folder / f"{stop.name}-{width}-{scheme}.png"
                write(page, path, is_whole=stop in SITE or path.stem == SHOWPIECE)


def write(page: Page, path: Path, *, is_whole: bool) -> None:
    """The page as it stands, from top to bottom, in few colours."""
    # The demo's bar belongs to the demo, not to the pages that are shown.
    page.evaluate("document.querySelector('.demo')?.remove()")
    main = page.locator("main")
    # Every page of the portal has the same frame around it.
    is_framed = not is_whole and main.count() == 1
    content = main.screenshot() if is_framed else page.screenshot(full_page=True)
    picture = Image.open(BytesIO(content)).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
    save(picture, path)


if __name__ == "__main__":
    take_all(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs" / "images")
