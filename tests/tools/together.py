"""Threads that begin at the same moment, each with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import close_old_connections, connection


def together(*works: Callable[[], Any]) -> list[Any]:
    """Let each of ``works`` begin at the same moment; returns what came."""
    start, answers = Barrier(len(works)), []

    def run(work: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=10)
            answers.append(work())
        finally:
            connection.close()

    threads = [Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    close_old_connections()
    return answers
