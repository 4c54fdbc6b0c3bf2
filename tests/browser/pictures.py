"""Pictures as small files."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

#: Flat pages have few colours that matter; without the others they need little space.
COLOURS = 160


def save(picture: Image.Image, path: Path) -> None:
    """Write it in the colours it has most of, each exactly as it is."""
    _write(picture, _most_frequent(picture), path)


def save_blended(picture: Image.Image, path: Path) -> None:
    """Write what was made smaller: its colours run into each other."""
    palette = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT)
    _write(picture, palette, path)


def _write(picture: Image.Image, palette: Image.Image, path: Path) -> None:
    few = picture.quantize(palette=palette, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def _most_frequent(picture: Image.Image) -> Image.Image:
    counted = picture.getcolors(picture.width * picture.height) or []
    often = sorted(counted, reverse=True)[:COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _count, colour in often for part in colour])
    return palette
