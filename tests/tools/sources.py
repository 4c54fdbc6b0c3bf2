"""The project's own files, and the little about them that the house rules look at."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "wagtail_billing_portal"
EXAMPLE = ROOT / "example_site"
TESTS = ROOT / "tests"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: Path

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def functions(self) -> Iterator[Function]:
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node

    @property
    def imported(self) -> Iterator[str]:
        """Dotted names of everything the file imports from other packages."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    @property
    def constants(self) -> Iterator[str]:
        """Its strings and the attributes it reads, docstrings left out."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.Attribute):
                yield node.attr


def python_files(*folders: Path, migrations: bool = False) -> Iterator[Source]:
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            if migrations or path.parent.name != "migrations":
                yield Source(path)


def templates(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(folder.rglob("templates/**/*.html"))


def lines_of(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def is_annotated(function: Function) -> bool:
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    if arguments.args and arguments.args[0].arg in {"self", "cls"}:
        named.remove(arguments.args[0])
    starred = [one for one in (arguments.vararg, arguments.kwarg) if one]
    return function.returns is not None and all(
        argument.annotation for argument in named + starred
    )


def headings(page: Path) -> set[str]:
    """The names that a page of the reference gives a heading in code style."""
    return set(re.findall(r"^#{2,4} `([^`]+)`", page.read_text(), re.MULTILINE))


def first_cells(page: Path) -> set[str]:
    """The names in code style that rows of the page's tables begin with."""
    return set(re.findall(r"^\| `([^`]+)`", page.read_text(), re.MULTILINE))
