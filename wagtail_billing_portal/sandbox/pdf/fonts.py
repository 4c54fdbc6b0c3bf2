"""
Letters for names from most of the world.

DejaVu Sans is embedded and draws Latin, Greek, Cyrillic and Armenian. Chinese,
Japanese and Korean come from the reader's own fonts, which PDF names by alias.
Scripts that need shaping, such as Arabic, are not drawn.
"""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from babel import Locale
from babel.core import get_global
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "DejaVuSans"
BOLD = "DejaVuSans-Bold"

KOREAN = "HYGothic-Medium"
JAPANESE = "HeiseiKakuGo-W5"
CHINESE = "STSong-Light"

SCRIPTS = frozenset({"Latn", "Grek", "Cyrl", "Armn", "Hans", "Hant", "Jpan", "Kore"})

FOLDER = Path(__file__).parent / "fonts"


@cache
def register_fonts() -> None:
    """Make the fonts known to ReportLab, once a process."""
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, FOLDER / f"{name}.ttf"))
    pdfmetrics.registerFontFamily(
        REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD
    )
    for name in (KOREAN, JAPANESE, CHINESE):
        pdfmetrics.registerFont(UnicodeCIDFont(name))


def has_letters_of(locale: Locale) -> bool:
    """Whether a document can be written in a language with these fonts."""
    subtags = get_global("likely_subtags")
    likely = (subtags.get(str(locale)) or subtags.get(locale.language, "")).split("_")
    script = locale.script or (likely[1] if len(likely) > 2 else "Latn")
    return script in SCRIPTS


def marked_up(text: str) -> str:
    """``text`` for a paragraph, each run of letters in a font that has them."""
    east_asian = _east_asian_font(text)
    runs = groupby(text, key=_is_east_asian)
    return "".join(
        f'<font name="{east_asian}">{escape("".join(run))}</font>'
        if is_east_asian
        else escape("".join(run))
        for is_east_asian, run in runs
    )


def _is_east_asian(letter: str) -> bool:
    code = ord(letter)
    return (
        0x1100 <= code <= 0x11FF
        or 0x2E80 <= code <= 0x9FFF
        or 0xAC00 <= code <= 0xD7AF
        or 0xF900 <= code <= 0xFAFF
        or 0xFF00 <= code <= 0xFFEF
    )


def _east_asian_font(text: str) -> str:
    codes = [ord(letter) for letter in text]
    if any(0xAC00 <= code <= 0xD7AF or 0x1100 <= code <= 0x11FF for code in codes):
        return KOREAN
    if any(0x3040 <= code <= 0x30FF for code in codes):
        return JAPANESE
    return CHINESE
