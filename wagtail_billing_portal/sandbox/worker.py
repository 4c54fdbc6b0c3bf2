"""A thread in the background that does its work whenever it is woken."""

from __future__ import annotations

import threading
from collections.abc import Callable

LOOK_AGAIN = 1.0


class Worker:
    """Starts its thread when it is first needed; while ``busy``, it looks again."""

    def __init__(self, work: Callable[[], None], *, busy: Callable[[], bool]) -> None:
        self._work = work
        self._is_busy = busy
        self._woken = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Have the work done soon, without waiting for it."""
        self._woken.set()
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            self._woken.wait(LOOK_AGAIN if self._is_busy() else None)
            self._woken.clear()
            self._work()
