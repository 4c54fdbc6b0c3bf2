"""Workers of RQ do the same: any backend of django-tasks may be the queue."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.convergence.oracle import differences
from tests.scale.machine import Machine, a_machine, until
from wagtail_billing_portal.mirror.health import Health, health

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WORKER = ["rqworker", "default", "--job-class=django_tasks_rq.Job", "--with-scheduler"]
HOW_TO_GET_IT = "Redis is missing: install it with `apt-get install redis-server`."


@pytest.fixture(scope="module")
def machine(django_db_setup) -> Iterator[Machine]:
    if shutil.which("redis-server") is None:
        (pytest.fail if os.environ.get("REQUIRE_ALL") else pytest.skip)(HOW_TO_GET_IT)
    with a_redis() as socket, a_machine(SCALE_TASKS="redis", SCALE_REDIS=socket) as it:
        yield it


@contextmanager
def a_redis() -> Iterator[str]:
    """One that keeps nothing; yields its socket."""
    # Not pytest's folder: a socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="billing-redis-") as folder:
        socket = f"{folder}/socket"
        options = ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder]
        with subprocess.Popen(
            ["redis-server", *options], stdout=subprocess.DEVNULL
        ) as process:
            try:
                until(Path(socket).exists)
                yield socket
            finally:
                process.kill()


def test_workers_of_rq_apply_what_the_web_server_stored(machine, story, stripe_side):
    story.subscribe(0)
    for event in stripe_side.waiting():
        assert machine.post(event) == 200
    assert health()[0].waiting > 0

    machine.run(*WORKER)

    until(lambda: health() == [Health("default"), Health("uk")])
    assert differences(stripe_side) == []
