"""
The suite's site with a queue, as its web server and its workers see it.

``SCALE_TASKS`` says which queue, ``SCALE_REDIS`` where the socket of a Redis is.
"""

from __future__ import annotations

import os

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS, WAGTAIL_BILLING_SANDBOX

BACKENDS = {
    "database": "django_tasks_db.DatabaseBackend",
    "redis": "django_tasks_rq.RQBackend",
}
TASKS = {"default": {"BACKEND": BACKENDS[os.environ["SCALE_TASKS"]]}}
if address := os.environ.get("SCALE_REDIS"):
    INSTALLED_APPS = [*INSTALLED_APPS, "django_rq"]
    RQ_QUEUES = {"default": {"URL": f"unix://{address}"}}
# No test runner is at work here; the sandbox is to answer all the same.
WAGTAIL_BILLING_SANDBOX = {**WAGTAIL_BILLING_SANDBOX, "WITHOUT_DEBUG": True}
