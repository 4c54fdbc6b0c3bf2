from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from django_tasks import TaskResult
from django_tasks import signals as packaged
from xdist.remote import Producer

from tests.tools.scheduling import TOGETHER, ByFolder
from tests.tools.template_database import TemplateDatabase

pytest_plugins = [
    "wagtail_billing_portal.testing.plugin",
    "tests.tools.contract_report",
]

try:
    from django.tasks import signals as built_in
except ImportError:
    built_in = None  # type: ignore[assignment]

MAY_OPEN_SOCKETS = {"sockets", "browser", "packaging"}

#: What the sandbox says, out of one table that all the others write and read on
#: PostgreSQL, too; and what pages say to whom, read by queries that these few ask there.
#: EVERY_ENGINE=1 takes all of it along, as a turn of the matrix does.
ONE_ENGINE_IS_ENOUGH = (
    "accounts/test_commands.py",
    "accounts/test_pages.py",
    "actions/",
    "admin/",
    "benchmarks/",
    "blocks/",
    "flows/",
    "mirror/test_families.py",
    "policies/",
    "sandbox/",
    "sections/",
    "testing/",
    "views/",
)
ON_EACH_ENGINE = (
    "test_the_main_job.py",
    "test_any_operations.py",
    "test_events.py",
)

# Playwright keeps an event loop in the thread of the tests, which stay synchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# The suite tries the same stories each time; `make explore` looks for new ones.
hypothesis.settings.register_profile("suite", deadline=None, derandomize=True)
hypothesis.settings.register_profile(
    "quick", deadline=None, derandomize=True, phases=[hypothesis.Phase.generate]
)
hypothesis.settings.register_profile("explore", deadline=None, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def pytest_collection_finish() -> None:
    # What was imported stays: no collection of garbage has to look through it again.
    gc.freeze()


def pytest_itemcollected(item: pytest.Item) -> None:
    if (folder := item.path.parent.name) in TOGETHER:
        item.add_marker(folder)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFolder:
    return ByFolder(config, log)


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    # Not skipped: the suite has a turn on SQLite and one on PostgreSQL, and these say
    # something in the other turn only.
    if connection.vendor == "postgresql":
        elsewhere = [it for it in items if not _says_something_on_postgresql(it)]
    else:
        elsewhere = [it for it in items if it.get_closest_marker("postgres")]
    config.hook.pytest_deselected(items=elsewhere)
    left_out = set(elsewhere)
    items[:] = [it for it in items if it not in left_out]
    for item in items:
        if any(item.get_closest_marker(name) for name in MAY_OPEN_SOCKETS):
            item.add_marker(pytest.mark.enable_socket)


def _says_something_on_postgresql(item: pytest.Item) -> bool:
    """Whether a test asks this process's database what another has not asked it."""
    if not os.environ.get("EVERY_ENGINE") and _is_told_by_others(item.path):
        return False
    if item.get_closest_marker("postgres") or item.get_closest_marker("django_db"):
        return True
    used = set(getattr(item, "fixturenames", ()))
    return not used.isdisjoint({"db", "transactional_db"})


def _is_told_by_others(path: Path) -> bool:
    there = path.as_posix()
    return path.name not in ON_EACH_ENGINE and any(
        f"/tests/{part}" in there for part in ONE_ENGINE_IS_ENOUGH
    )


@pytest.fixture(autouse=True)
def failed_tasks() -> Iterator[list[TaskResult]]:
    """The immediate backend swallows exceptions; a test must not."""
    failures: list[TaskResult] = []

    def remember(sender: type, task_result: TaskResult, **kwargs: object) -> None:
        if task_result.errors:
            failures.append(task_result)

    finished = [it.task_finished for it in (packaged, built_in) if it]
    for signal in finished:
        signal.connect(remember)
    yield failures
    for signal in finished:
        signal.disconnect(remember)
    assert not failures, failures[0].errors[0].traceback


@pytest.fixture(autouse=True)
def nothing_was_tried_before() -> None:
    """Tries are counted in the cache, which no rolled back transaction undoes."""
    cache.clear()


@pytest.fixture(autouse=True)
def language_of_the_settings() -> Iterator[None]:
    """A request leaves its language behind in the thread; the next test must not."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """This worker's own database, or nothing when the suite runs on PostgreSQL."""
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
        return None
    return tmp_path_factory.mktemp("database") / "test.sqlite3"


@pytest.fixture(scope="session")
def template_database(
    request: pytest.FixtureRequest,
) -> TemplateDatabase:
    return TemplateDatabase(Path(request.config.cache.mkdir("databases")))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None,
    sqlite_file: Path | None,
    template_database: TemplateDatabase,
) -> None:
    if sqlite_file:
        template_database.copy_to(sqlite_file)
        settings.DATABASES["default"]["TEST"]["NAME"] = str(sqlite_file)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None,
    sqlite_file: Path | None,
    template_database: TemplateDatabase,
) -> None:
    if sqlite_file:
        template_database.take_from(sqlite_file)
