"""The house rules that a machine can see: sizes, types, layers, templates."""

from __future__ import annotations

import ast
import re
import tomllib

from tests.tools.sources import (
    EXAMPLE,
    PACKAGE,
    ROOT,
    TESTS,
    is_annotated,
    lines_of,
    python_files,
    templates,
)

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 50
SHIPPED = [PACKAGE, EXAMPLE]
EVERYTHING = [PACKAGE, EXAMPLE, TESTS]
OUR_SETTINGS = {"WAGTAIL_BILLING_PORTAL", "WAGTAIL_BILLING_SANDBOX"}
FAKES = ("unittest.mock", "mock", "pytest_mock", "responses", "vcr")
OPENING = re.compile(
    r'\A\s*({% extends [^%]+%}\s*)?({% load [^%]+%}\s*)*{% comment "text/markdown" %}'
)
INLINE = {
    "a script in the page": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "a style sheet in the page": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "an event handler attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
}


def test_no_file_is_too_long_to_hold_in_mind():
    long = [
        f"{source} has {lines} lines; split it by noun."
        for source in python_files(*EVERYTHING)
        if (lines := source.text.count("\n")) > MOST_LINES_OF_A_FILE
    ]

    assert long == []


def test_no_function_is_too_long_to_see_at_once():
    long = [
        f"{source}: {function.name} has {lines_of(function)} lines."
        for source in python_files(*EVERYTHING)
        for function in source.functions
        if lines_of(function) > MOST_LINES_OF_A_FUNCTION
    ]

    assert long == []


def test_every_function_says_its_types():
    untyped = [
        f"{source}: {function.name} is not annotated."
        for source in python_files(*SHIPPED)
        for function in source.functions
        if not is_annotated(function)
    ]

    assert untyped == []


def test_imports_stand_at_the_top_of_a_file():
    """But in ``AppConfig.ready``, where Django asks for it."""
    hidden = [
        f"{source}: {function.name} imports when it runs."
        for source in python_files(*SHIPPED)
        for function in source.functions
        if function.name != "ready"
        and any(isinstance(n, ast.Import | ast.ImportFrom) for n in ast.walk(function))
    ]

    assert hidden == []


def test_nothing_is_left_to_be_done():
    words = ("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")
    unfinished = [
        f"{source} says {word}."
        for source in python_files(*EVERYTHING)
        for word in words
        if word in source.text
    ]

    assert unfinished == []


def test_nothing_is_tested_against_a_patched_stripe():
    faked = [
        f"{source} imports {name}; let the sandbox answer instead."
        for source in python_files(*EVERYTHING)
        for name in source.imported
        if name.startswith(FAKES)
    ]
    faked += [
        f"{source} patches Stripe's library."
        for source in python_files(TESTS)
        if re.search(r"setattr\(\s*[\"']?stripe\b", source.text)
    ]

    assert faked == []


def test_our_settings_are_read_in_one_place():
    doors = {PACKAGE / "conf.py", PACKAGE / "sandbox" / "conf.py"}
    elsewhere = [
        f"{source} reads our settings; ask conf instead."
        for source in python_files(PACKAGE)
        if source.path not in doors and OUR_SETTINGS & set(source.constants)
    ]

    assert elsewhere == []


def test_every_module_has_its_layer():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contract = project["tool"]["importlinter"]["contracts"][0]
    layered = set(re.findall(r"[\w.]+", " ".join(contract["layers"])))

    homeless = [
        f"{name} is in no layer of pyproject.toml."
        for name in _modules()
        if name not in layered
    ]

    assert homeless == []


def test_migrations_run_on_the_oldest_wagtail():
    newer = re.compile(
        r"WAGTAIL_PAGE_MODEL|[\"']wagtailcore[\"'], [\"'](?!00[0-8]|009[0-4])"
    )
    tied = [
        f"{source} needs Wagtail 8; depend on wagtailcore 0094 and wagtailcore.page."
        for source in python_files(PACKAGE, migrations=True)
        if source.path.parent.name == "migrations" and newer.search(source.text)
    ]

    assert tied == []


def test_every_template_opens_with_its_variables():
    silent = [
        f"{path.relative_to(ROOT)} does not open with a comment naming its variables."
        for path in templates(*SHIPPED)
        if not OPENING.match(path.read_text())
    ]

    assert silent == []


def test_templates_hold_no_code_and_no_style():
    inline = [
        f"{path.relative_to(ROOT)} has {what}."
        for path in templates(*SHIPPED)
        for what, pattern in INLINE.items()
        if pattern.search(path.read_text())
    ]

    assert inline == []


def _modules() -> list[str]:
    """Modules of the package, and of the two packages that span several layers."""
    found = []
    for prefix, folder in {
        "": PACKAGE,
        "mirror.": PACKAGE / "mirror",
        "webhooks.": PACKAGE / "webhooks",
    }.items():
        for path in sorted(folder.iterdir()):
            is_package = (path / "__init__.py").exists()
            if (path.suffix == ".py" or is_package) and path.stem != "__init__":
                found.append(f"{prefix}{path.stem}")
    return [name for name in found if name not in {"mirror", "webhooks", "migrations"}]
