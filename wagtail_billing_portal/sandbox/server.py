"""The sandbox as a process of its own, for any SDK, for curl, for another site."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from . import delivery
from .api import HANG_UP
from .conf import HTTP, conf

HOST = "127.0.0.1"
APP = "billing_sandbox"
MIDDLEWARE = [
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
# What is gone when the process stops need not survive a power cut before.
EPHEMERAL = "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY;"
STATIC_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"


class Quiet(WSGIRequestHandler):
    """Handles requests without a line in the log for each."""

    # Head and body go out apart; the client must not wait 40 ms for the second.
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def get_environ(self) -> dict[str, Any]:
        """Let whoever answers hang up instead."""
        return {**super().get_environ(), HANG_UP: self._hang_up}

    def _hang_up(self) -> None:
        self.close_connection = True


@contextmanager
def listening(port: int) -> Iterator[ThreadedWSGIServer]:
    """A server that is ready to serve; port 0 takes any that is free."""
    server = ThreadedWSGIServer((HOST, port), Quiet)
    server.daemon_threads = True
    _configure(origin_of(server))
    server.set_app(StaticFilesHandler(WSGIHandler()))
    delivery.flush()
    try:
        yield server
    finally:
        server.server_close()
        delivery.stop()
        connections.close_all()


def origin_of(server: ThreadedWSGIServer) -> str:
    """Where a server answers, without a slash at the end."""
    return f"http://{HOST}:{server.server_port}"


@contextmanager
def fresh_database() -> Iterator[None]:
    """A database of one's own, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="stripe-sandbox-") as folder:
        database = {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(Path(folder) / "sandbox.sqlite3"),
            "OPTIONS": {
                "init_command": EPHEMERAL,
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
            },
        }
        connections.close_all()
        connections.settings = connections.configure_settings({"default": database})
        del connections["default"]
        try:
            yield
        finally:
            connections.close_all()


def make_tables() -> None:
    """Bring the sandbox's own tables up to date, and no others."""
    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes(APP)
    if executor.migration_plan(targets):
        executor.migrate(targets)


def _configure(origin: str) -> None:
    """Turn the project's settings, in this process, into those of a sandbox."""
    conf.change(BASE_URL=origin, DELIVERY=HTTP, WITHOUT_DEBUG=True)
    settings.ROOT_URLCONF = "wagtail_billing_portal.sandbox.server_urls"
    settings.MIDDLEWARE = MIDDLEWARE
    settings.ALLOWED_HOSTS = [HOST, "localhost"]
    settings.FORCE_SCRIPT_NAME = None
    settings.STATIC_URL = "/static/"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": STATIC_FILES}}
    settings.CSRF_COOKIE_SECURE = False
    settings.CSRF_COOKIE_NAME = "stripe_sandbox_csrf"
    settings.CSRF_USE_SESSIONS = False
    log = logging.StreamHandler()
    log.setLevel(logging.ERROR)
    logging.getLogger("django.request").addHandler(log)
