"""Whether there is a queue, and what happens when it is out of reach."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from django_tasks.backends.base import BaseTaskBackend

from wagtail_billing_portal.mirror import inbox
from wagtail_billing_portal.models import Customer, EventStatus, StripeEvent
from wagtail_billing_portal.tasks import runs_at_once

#: Newer Djangos bring one of their own.
PACKAGES = [name for name in ("django_tasks", "django.tasks") if find_spec(name)]


class Unreachable(BaseTaskBackend):
    """A queue whose server is down."""

    def enqueue(self, task, args, kwargs):
        raise ConnectionError("The queue is out of reach.")


def use(settings, backend: str) -> None:
    settings.TASKS = {"default": {"BACKEND": backend}}


@pytest.mark.parametrize("package", PACKAGES)
def test_without_a_queue_tasks_run_at_once(settings, package):
    assert runs_at_once()

    use(settings, f"{package}.backends.immediate.ImmediateBackend")
    assert runs_at_once()

    use(settings, "django_tasks_db.DatabaseBackend")
    assert not runs_at_once()


def test_an_event_is_kept_and_answered_though_the_queue_is_down(stripe_side, settings):
    use(settings, "tests.mirror.test_queue.Unreachable")
    stripe_side.client.v1.customers.create({"email": "ada@example.com"})
    (event,) = stripe_side.waiting()

    assert stripe_side.deliver(event) == 200

    assert StripeEvent.objects.get().status == EventStatus.PENDING
    inbox.drain()
    assert Customer.objects.get().email == "ada@example.com"
