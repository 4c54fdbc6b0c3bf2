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
        self._is_stopping = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def is_stopping(self) -> bool:
        """Whether somebody waits for the thread to end."""
        return self._is_stopping.is_set()

    def wake(self) -> None:
        """Have the work done soon, without waiting for it."""
        self._woken.set()
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Begin nothing new, and return when what was begun is done."""
        self._is_stopping.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join()
        self._is_stopping.clear()

    def _run(self) -> None:
        while not self.is_stopping:
            self._woken.wait(LOOK_AGAIN if self._is_busy() else None)
            self._woken.clear()
            if not self.is_stopping:
                self._work()
