from __future__ import annotations

from tests.tools.reference_tables import SANDBOX, written


def test_the_reference_says_what_the_sandbox_answers():
    page = SANDBOX.read_text()

    assert page == written(page), "`make reference` writes it anew."
