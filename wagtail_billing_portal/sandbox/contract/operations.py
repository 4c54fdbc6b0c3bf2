"""Every operation of Stripe's API, read from the SDK's services."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import stripe

from . import internal
from .annotations import resolve
from .shapes import AnyOf, Record, Shape, shape_of

ROOT = Path(stripe.__file__).parent
PLACEHOLDER = re.compile(r"{\w+}")


@dataclass(frozen=True)
class Contract:
    """What one operation accepts and what it answers."""

    params: Record
    returns: Shape


@dataclass(frozen=True)
class _Source:
    module: str
    params: str
    returns: str


def contract_of(method: str, path: str) -> Contract:
    """The contract of an operation, whatever its placeholders are called."""
    source = _sources()[method, PLACEHOLDER.sub("{}", path)]
    return _contract(source)


def known_operations() -> set[tuple[str, str]]:
    """Method and path of everything in the SDK, with nameless placeholders."""
    return set(_sources())


@cache
def _contract(source: _Source) -> Contract:
    params = shape_of(resolve(source.params, source.module))
    if isinstance(params, AnyOf):
        (params,) = params.options
    if not isinstance(params, Record):
        raise TypeError(f"{source.params} is not a set of parameters.")
    return Contract(params, shape_of(resolve(source.returns, source.module)))


@cache
def _sources() -> dict[tuple[str, str], _Source]:
    found: dict[tuple[str, str], _Source] = {}
    for file in sorted(ROOT.rglob("*_service.py")):
        parts = file.relative_to(ROOT.parent).with_suffix("").parts
        text = file.read_text()
        if '"/v1/' in text:
            found.update(_sources_in(ast.parse(text), ".".join(parts)))
    for request, (params, returns) in internal.OPERATIONS.items():
        found[request] = _Source(internal.__name__, params, returns)
    return found


def _sources_in(
    tree: ast.Module, module: str
) -> Iterator[tuple[tuple[str, str], _Source]]:
    for service in tree.body:
        for function in getattr(service, "body", ()):
            if isinstance(function, ast.FunctionDef):
                request = _request_of(function)
                params = _annotation_of(function, "params")
                if request and params and function.returns:
                    returns = _unquoted(function.returns)
                    yield request, _Source(module, params, returns)


def _request_of(function: ast.FunctionDef) -> tuple[str, str] | None:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _is_request(node.func):
            method, path = node.args[0], _literal(node.args[1])
            if isinstance(method, ast.Constant) and path.startswith("/v1/"):
                return str(method.value).upper(), PLACEHOLDER.sub("{}", path)
    return None


def _is_request(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr == "_request"


def _literal(path: ast.expr) -> str:
    """The path, or the template in ``"...".format(...)``."""
    if isinstance(path, ast.Call) and isinstance(path.func, ast.Attribute):
        path = path.func.value
    return str(path.value) if isinstance(path, ast.Constant) else ""


def _annotation_of(function: ast.FunctionDef, name: str) -> str | None:
    for argument in [*function.args.posonlyargs, *function.args.args]:
        if argument.arg == name and argument.annotation is not None:
            return _unquoted(argument.annotation)
    return None


def _unquoted(annotation: ast.expr) -> str:
    if isinstance(annotation, ast.Constant):
        return str(annotation.value)
    return ast.unparse(annotation)
