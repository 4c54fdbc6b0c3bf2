"""
A small site at work: the suite's, but on a database that keeps what it was given.

``BENCH_DATABASE`` is its address, ``BENCH_STRIPE`` where a sandbox answers over HTTP,
``BENCH_TASKS`` says whether there is a queue.
"""

from __future__ import annotations

import os

from tests.settings import *  # noqa: F403
from tests.settings import (
    INSTALLED_APPS,
    WAGTAIL_BILLING_PORTAL,
    WAGTAIL_BILLING_SANDBOX,
)

from .databases import settings_of

ROOT_URLCONF = "tests.benchmarks.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "tests.benchmarks.floor"]
DATABASES = {"default": settings_of(os.environ["BENCH_DATABASE"])}

if os.environ.get("BENCH_TASKS") == "database":
    TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

if address := os.environ.get("BENCH_STRIPE"):
    over_http = {"TRANSPORT": None, "API_BASE": address}
    WAGTAIL_BILLING_PORTAL = {**WAGTAIL_BILLING_PORTAL, **over_http}
# No test runner is at work here; the sandbox is to answer all the same.
WAGTAIL_BILLING_SANDBOX = {**WAGTAIL_BILLING_SANDBOX, "WITHOUT_DEBUG": True}
