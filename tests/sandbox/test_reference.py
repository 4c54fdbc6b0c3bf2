from __future__ import annotations

from tests.tools.sandbox_tables import PAGE, written


def test_the_reference_says_what_the_sandbox_answers():
    page = PAGE.read_text()

    assert page == written(page), "`make reference` writes it anew."
