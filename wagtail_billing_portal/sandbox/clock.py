"""Each account's clocks: real time, or frozen and moved by hand.

The account has one clock, and test clocks of their own rule the customers that were
put on them, with all that belongs to those. An object waits for a moment by carrying
it in ``obj["_sandbox"]["due_at"]`` (Unix seconds). When its clock passes it, the
function registered for its kind is called at that very moment, and must move or
remove ``due_at`` and save.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import store

if TYPE_CHECKING:
    from .world import World

KIND = "_clock"
TEST_CLOCK = "test_helpers.test_clock"
DueWork = Callable[["World", dict[str, Any]], None]

_due_work: dict[str, DueWork] = {}


def due_work(kind: str) -> Callable[[DueWork], DueWork]:
    """Call the decorated function with an object of ``kind`` whose time has come.

    ``world.now`` is the due moment itself, also when it is caught up on later.
    """

    def register(function: DueWork) -> DueWork:
        _due_work[kind] = function
        return function

    return register


def wall() -> int:
    """Real time, in Unix seconds."""
    return int(time.time())


def now(account: str) -> int:
    """What an account's clock shows."""
    stored = store.row(account, KIND, KIND)
    frozen = stored.data["frozen_time"] if stored else None
    return wall() if frozen is None else int(frozen)


def times(account: str) -> tuple[int, dict[str, int]]:
    """What an account's clock shows, and what each of its test clocks shows."""
    now, test_clocks = wall(), {}
    for stored in store.of_kinds(account, (KIND, TEST_CLOCK)):
        frozen = stored.data["frozen_time"]
        if stored.kind == TEST_CLOCK:
            test_clocks[stored.object_id] = int(frozen)
        elif frozen is not None:
            now = int(frozen)
    return now, test_clocks


def is_frozen(account: str) -> bool:
    """Whether time stands still until somebody moves it."""
    stored = store.row(account, KIND, KIND)
    return bool(stored and stored.data["frozen_time"] is not None)


def hold(account: str) -> None:
    """Let nobody else touch the account until the transaction ends."""
    while not store.lock(account, KIND, KIND):
        store.ensure(account, {"id": KIND, "object": KIND, "frozen_time": None})


def travel(world: World, to: int) -> None:
    """Stop the clock at ``to``, doing on the way whatever falls due.

    A clock that runs may be stopped anywhere, so that history can be lived
    through; one that is stopped only moves forward.
    """
    if is_frozen(world.account) and to < world.now:
        raise ValueError("A stopped clock only moves forward.")
    _set(world, min(world.now, to))
    run_due(world, to)
    _set(world, to)


def release(world: World) -> None:
    """Let the clock run in real time again, catching up on what fell due."""
    run_due(world, wall())
    _set(world, None)


def run_due(world: World, until: int, *, test_clock: str = "") -> None:
    """Do everything due on a clock up to ``until``, in order, each at its own moment."""
    while stored := store.next_due(world.account, until, test_clock=test_clock):
        due_at = stored.due_at
        with world.at(due_at or until, test_clock=test_clock):
            _due_work[stored.kind](world, stored.data)
        if store.due_moment(stored) == due_at:
            raise RuntimeError(f"{stored} is due for ever: its moment never moved.")


def _set(world: World, frozen_time: int | None) -> None:
    stored = store.row(world.account, KIND, KIND)
    clock = {"id": KIND, "object": KIND, "frozen_time": frozen_time}
    if stored is None:
        store.insert(world.account, clock, now=0)
    else:
        store.write(stored, clock)
    world.set_time(wall() if frozen_time is None else frozen_time)
