"""The SDK's annotations as types; its modules are imported only when named.

The SDK guards the imports that its annotations need by ``TYPE_CHECKING``, so
``typing.get_type_hints`` alone does not find them.
"""

from __future__ import annotations

import ast
import inspect
import sys
import typing
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from stripe import RequestOptions
from typing_extensions import is_typeddict

# Options of the client that every set of parameters inherits.
NOT_SENT = frozenset(RequestOptions.__annotations__)
# Whose annotations describe the API: the SDK's, and ours of what it leaves out.
DESCRIBING = ("stripe.", f"{__package__}.internal")


class GuardedNames(Mapping[str, Any]):
    """What a module names under ``TYPE_CHECKING``, imported on first use."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._sources = _guarded_imports(module)

    def __getitem__(self, name: str) -> Any:
        if name in vars(self._module):
            return vars(self._module)[name]
        source, original = self._sources[name]
        return getattr(import_module(source), original)

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)


@cache
def names_of(module: str) -> GuardedNames:
    """Every name that annotations of a module may use."""
    return GuardedNames(import_module(module))


@cache
def hints_of(cls: type) -> dict[str, Any]:
    """A class's own and inherited annotations, resolved as deep as they go."""
    hints: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        if base.__module__.startswith(DESCRIBING) and "__annotations__" in vars(base):
            hints.update(
                typing.get_type_hints(
                    _Annotated(base),
                    globalns=vars(sys.modules[base.__module__]),
                    localns=names_of(base.__module__),
                    include_extras=True,
                )
            )
    return hints


def resolve(annotation: str, module: str) -> Any:
    """The type that an annotation of a module means."""
    holder = _Annotated(object)
    holder.__annotations__ = {"it": annotation}
    return typing.get_type_hints(
        holder,
        globalns=vars(import_module(module)),
        localns=names_of(module),
    )["it"]


class _Annotated:
    """Carries one class's annotations, so that they resolve in its own module."""

    def __init__(self, cls: type) -> None:
        self.__annotations__ = dict(vars(cls).get("__annotations__", {}))
        if is_typeddict(cls):
            for name in NOT_SENT:
                self.__annotations__.pop(name, None)


def _guarded_imports(module: ModuleType) -> dict[str, tuple[str, str]]:
    tree = ast.parse(inspect.getsource(module))
    return {
        alias.asname or alias.name: (str(node.module), alias.name)
        for guard in tree.body
        if isinstance(guard, ast.If)
        for node in guard.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
