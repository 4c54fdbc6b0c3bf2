from __future__ import annotations

import pytest

from tests.tools.shop import the_settings


@pytest.fixture
def at_once(db: None) -> None:
    """A site where a subscription ends as soon as it is cancelled."""
    the_settings(cancel_mode="immediately")
