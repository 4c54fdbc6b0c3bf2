"""Pictures of every page, on a phone and on a desk, light and dark.

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
from tests.browser.site import served
from tests.browser.tour import TOUR, Stop, enter
from tests.tools.sources import ROOT

WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")
HEIGHT = 800
#: Flat pages have few colours that matter; without the others they need little space.
COLOURS = 160
TALLEST = 2600
#: What the project's README shows.
SHOWPIECE = "account-active-1280-light"


def take_all(folder: Path) -> None:
    """Serve the site and take the whole tour."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as var, served(Path(var)) as site, chromium() as browser:
        for stop in TOUR:
            take(stop, browser, site, folder)
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
                write(page, folder / f"{stop.name}-{width}-{scheme}.png")


def write(page: Page, path: Path) -> None:
    """The page as it stands, from top to bottom, in few colours."""
    # The demo's bar belongs to the demo, not to the pages that are shown.
    page.evaluate("document.querySelector('.demo')?.remove()")
    picture = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
    picture.quantize(palette=palette_of(picture), dither=Image.Dither.NONE).save(
        path, optimize=True
    )


def palette_of(picture: Image.Image) -> Image.Image:
    """The colours that a picture has most of, each exactly as it is."""
    counted = picture.getcolors(picture.width * picture.height) or []
    often = sorted(counted, reverse=True)[:COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _count, colour in often for part in colour])
    return palette


if __name__ == "__main__":
    take_all(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs" / "images")
