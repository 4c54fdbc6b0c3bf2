"""The code in the documentation, so that tests can do what it tells people to do."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>[\w+-]+)\n(?P<code>.*?)^ *```$", re.M | re.S
)
#: "... at the end of `bakery/urls.py` ...:" or "Write `sell_bread.py`:"
FILE = re.compile(r"`([\w./]+\.(?:py|html))`[^`]*:\s*\Z")


@dataclass(frozen=True)
class Snippet:
    """One block of code, and the file that the sentence before it names."""

    language: str
    code: str
    file: str = ""
    appends: bool = False

    @property
    def as_shell(self) -> str:
        """What a reader would type to do the same."""
        if not self.file:
            return self.code
        arrow = ">>" if self.appends else ">"
        return f"printf %s {shlex.quote(self.code)} {arrow} {self.file}\n"


def snippets(page: Path) -> Iterator[Snippet]:
    text = page.read_text()
    for match in FENCE.finditer(text):
        before = text[: match.start()].rstrip("\n").rpartition("\n\n")[2]
        file = FILE.search(before)
        yield Snippet(
            language=match["language"],
            code=dedent(match["code"]),
            file=file.group(1) if file else "",
            appends="at the end of" in " ".join(before.split()),
        )
