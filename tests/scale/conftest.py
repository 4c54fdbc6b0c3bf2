from __future__ import annotations

import pytest

from tests.convergence.stories import Story


@pytest.fixture
def story(stripe_side, member) -> Story:
    return Story(stripe_side, member)
