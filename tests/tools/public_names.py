"""What the reference has to name, page by page, asked of the code itself."""

from __future__ import annotations

import dataclasses
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable
from importlib import import_module
from types import ModuleType

from django.apps import apps
from django.dispatch import Signal

from tests.tools.sources import PACKAGE
from wagtail_billing_portal import actions, exceptions, signals, testing
from wagtail_billing_portal.adapter import DefaultBillingAdapter
from wagtail_billing_portal.blocks import BILLING_BLOCKS
from wagtail_billing_portal.conf import BillingConf
from wagtail_billing_portal.mirror.inbox import handled_events
from wagtail_billing_portal.sandbox.conf import SandboxConf
from wagtail_billing_portal.templatetags import billing_tags
from wagtail_billing_portal.testing import plugin


def settings_keys() -> Iterable[str]:
    doors = (BillingConf, SandboxConf)
    return [name for door in doors for name in _public(door) if name.isupper()]


def block_names() -> Iterable[str]:
    return {type(block).__name__ for _name, block in BILLING_BLOCKS}


def template_tag_names() -> Iterable[str]:
    return [*billing_tags.register.tags, *billing_tags.register.filters]


def action_names() -> Iterable[str]:
    modules = {module.name for module in pkgutil.iter_modules(actions.__path__)}
    for module in sorted(modules - {"base"}):
        verbs = import_module(f"{actions.__name__}.{module}")
        for name in _own(verbs, inspect.isfunction):
            yield f"{module}.{name}"


def signal_names() -> Iterable[str]:
    return [name for name, it in vars(signals).items() if isinstance(it, Signal)]


def adapter_methods() -> Iterable[str]:
    return _public(DefaultBillingAdapter)


def model_names() -> Iterable[str]:
    models = apps.get_app_config("wagtail_billing_portal").get_models()
    return [model.__name__ for model in models]


def exception_names() -> Iterable[str]:
    return _own(exceptions, inspect.isclass)


def check_ids() -> Iterable[str]:
    pattern = re.compile(r"\"((?:wagtail_billing_portal|billing_sandbox)\.[EW]\d{3})\"")
    for path in PACKAGE.rglob("checks*.py"):
        yield from pattern.findall(path.read_text())


def command_names() -> Iterable[str]:
    for path in PACKAGE.rglob("management/commands/*.py"):
        if not path.stem.startswith("_"):
            yield path.stem


def testing_names() -> Iterable[str]:
    fixtures = re.findall(r"@pytest\.fixture\ndef (\w+)", inspect.getsource(plugin))
    cards = [name for name in testing.__all__ if name.isupper()]
    acts = [*_public(testing.StripeSide), "account", "alias"]
    sold = [field.name for field in dataclasses.fields(testing.Shop)]
    return [*fixtures, *cards, *acts, *sold]


#: The pages of docs/reference, and who knows what belongs there.
PAGES: dict[str, Callable[[], Iterable[str]]] = {
    "settings": settings_keys,
    "blocks": block_names,
    "template-tags": template_tag_names,
    "actions": action_names,
    "signals": signal_names,
    "adapter": adapter_methods,
    "models": model_names,
    "events": handled_events,
    "exceptions": exception_names,
    "checks": check_ids,
    "commands": command_names,
    "testing": testing_names,
}


def _public(owner: type) -> list[str]:
    return [name for name in vars(owner) if not name.startswith("_")]


def _own(module: ModuleType, kind: Callable[[object], bool]) -> list[str]:
    """Public names that the module defines itself."""
    return [
        name
        for name, value in inspect.getmembers(module, kind)
        if value.__module__ == module.__name__ and not name.startswith("_")
    ]
