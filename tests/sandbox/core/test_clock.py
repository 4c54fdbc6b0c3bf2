from __future__ import annotations

from email.utils import parsedate_to_datetime

import pytest

from wagtail_billing_portal.sandbox import clock
from wagtail_billing_portal.sandbox.world import open_world, world_holding

PAST = 1_700_000_000
DAY = 86_400
rung: list[int] = []


@clock.due_work("_test_bell")
def ring(world, bell):
    """Rings daily, three times."""
    rung.append(world.now)
    bell["left"] -= 1
    bell["_sandbox"]["due_at"] = world.now + DAY if bell["left"] else None
    world.save(bell)


@clock.due_work("_test_stuck_bell")
def ring_for_ever(world, bell):
    world.save(bell)


def a_bell(world, kind="_test_bell", *, due_at):
    rung.clear()
    bell = {"id": "bell", "object": kind, "left": 3, "_sandbox": {"due_at": due_at}}
    return world.add(bell)


def test_history_is_lived_through_at_its_own_time(api, world):
    clock.travel(world, PAST)

    product = api.products.create({"name": "Gold"})

    assert product.created == PAST
    assert world.find("event")[0]["created"] == PAST
    answered = parsedate_to_datetime(product.last_response.headers["Date"])
    assert answered.timestamp() == PAST


def test_travelling_does_what_falls_due_at_its_moment(world):
    clock.travel(world, PAST)
    a_bell(world, due_at=PAST + DAY)

    clock.travel(world, PAST + 2 * DAY)

    assert rung == [PAST + DAY, PAST + 2 * DAY]
    assert world.now == PAST + 2 * DAY


def test_a_clock_that_is_released_catches_up_and_runs(world):
    clock.travel(world, PAST)
    a_bell(world, due_at=PAST + DAY)

    clock.release(world)

    assert rung == [PAST + DAY, PAST + 2 * DAY, PAST + 3 * DAY]
    assert abs(world.now - clock.wall()) <= 2
    assert not clock.is_frozen(world.account)


def test_real_time_is_caught_up_with_when_somebody_looks(world, account):
    a_bell(world, due_at=world.now - DAY)

    with open_world(account) as later:
        now = later.now

    assert len(rung) == 2
    assert now >= rung[-1]


def test_a_stopped_clock_stands_still_and_only_moves_forward(world, account):
    clock.travel(world, PAST)

    with open_world(account) as later:
        assert later.now == PAST
    with pytest.raises(ValueError, match="forward"):
        clock.travel(world, PAST - 1)


def test_each_account_has_its_own_clock(world):
    clock.travel(world, PAST)

    with open_world("acct_other") as other:
        assert other.now > PAST


def test_work_that_never_moves_on_is_noticed(world):
    a_bell(world, "_test_stuck_bell", due_at=world.now)

    with pytest.raises(RuntimeError, match="for ever"):
        clock.run_due(world, world.now)


def test_pages_find_the_world_of_an_object_by_its_id(api, account):
    product = api.products.create({"name": "Gold"})

    with world_holding("product", product.id) as found:
        assert found is not None
        assert found.account == account
    with world_holding("product", "prod_unknown") as found:
        assert found is None
