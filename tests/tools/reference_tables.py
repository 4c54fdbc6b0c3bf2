"""
Tables of docs/reference that are made from code and tests.

    make reference

writes them anew; tests fail when a page is not what that would write.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.mirror import bad_deliveries
from tests.policies import acts
from tests.tools import sandbox_tables
from tests.tools.sources import ROOT
from tests.views import pages

SANDBOX = ROOT / "docs" / "reference" / "sandbox.md"
WEBHOOKS = ROOT / "docs" / "reference" / "webhooks.md"
PAGES = ROOT / "docs" / "reference" / "pages.md"
POLICIES = ROOT / "docs" / "reference" / "policies.md"
SETTLED = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end \2 -->)", re.S)
TABLES: dict[str, Callable[[], str]] = {
    "deliveries": bad_deliveries.table,
    "events": sandbox_tables.events,
    "operations": sandbox_tables.operations,
    "pages": pages.table,
    "parameters": sandbox_tables.parameters,
    "policies": acts.table,
    "silence": sandbox_tables.silence,
}


def write() -> None:
    """Bring the pages up to date."""
    for page in (PAGES, POLICIES, SANDBOX, WEBHOOKS):
        page.write_text(written(page.read_text()))


def written(page: str) -> str:
    """The page with its tables as they ought to be."""
    return SETTLED.sub(lambda m: f"{m[1]}{TABLES[m[2]]()}{m[3]}", page)
