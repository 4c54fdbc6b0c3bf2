from __future__ import annotations

from collections.abc import Iterator

import hypothesis
import pytest
from django_tasks import TaskResult
from django_tasks.signals import task_finished

MAY_OPEN_SOCKETS = {"sockets", "browser", "packaging"}

hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(item.get_closest_marker(name) for name in MAY_OPEN_SOCKETS):
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture(autouse=True)
def failed_tasks() -> Iterator[list[TaskResult]]:
    """The immediate backend swallows exceptions; a test must not."""
    failures: list[TaskResult] = []

    def remember(sender: type, task_result: TaskResult, **kwargs: object) -> None:
        if task_result.errors:
            failures.append(task_result)

    task_finished.connect(remember)
    yield failures
    task_finished.disconnect(remember)
    assert not failures, failures[0].errors[0].traceback
