from __future__ import annotations

from typing import Any

import pytest


def _pretend_and_fail(world: Any) -> None:
    with world.pretend():
        world.set_time(world.now + 60)
        world.afterwards.append(lambda: None)
        raise ValueError("no")


def test_nothing_of_what_was_pretended_is_left_after_an_error(world: Any) -> None:
    before = (world.now, list(world.afterwards))

    with pytest.raises(ValueError, match="no"):
        _pretend_and_fail(world)

    assert (world.now, world.afterwards) == before
