"""Work that need not hold up an answer: primary keys in, nothing out."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

try:
    # A part of Django since 6.0, whose queues take no others then.
    from django.tasks import task, task_backends
except ImportError:
    from django_tasks import task, task_backends  # type: ignore[assignment,no-redef]

from .actions import configuration, customers, ends, hosted_openings
from .exceptions import BillingError
from .mirror import inbox, refresh
from .models import (
    Customer,
    PortalSettings,
    Subscription,
    SubscriptionSchedule,
)

#: Django brings django-tasks since 6.0; a site's settings may name either's backend.
IMMEDIATE = {"django_tasks.backends.immediate", "django.tasks.backends.immediate"}


def runs_at_once() -> bool:
    """Whether no queue is configured, so that tasks run where they are enqueued."""
    backend = type(task_backends[drain_inbox.backend])
    return any(base.__module__ in IMMEDIATE for base in backend.__mro__)


#: Seconds until a worker drains what came meanwhile, all of it at once.
GATHERING = 0.2
#: Events of so many seconds count on that worker; the rest allows for its clock.
COUNTED_ON = 0.15


def drain_soon() -> None:
    """Have a worker drain the inbox, after what is committed by now.

    Called for each event, this enqueues one task for many.
    """
    global _attended_until
    now = time.monotonic()
    if now < _attended_until:
        return
    if task_backends[drain_inbox.backend].supports_defer:
        later = timezone.now() + timedelta(seconds=GATHERING)
        drain_inbox.using(run_after=later).enqueue()
        # Not before: a queue that is out of reach attends to nothing.
        _attended_until = now + COUNTED_ON
    else:
        drain_inbox.enqueue()


_attended_until = 0.0


@task()
def drain_inbox() -> None:
    """Apply waiting events, then fetch what they left undecided."""
    inbox.drain()
    refresh.refresh_due()


#: Minutes to wait before the first further try; each pause is twice the one before.
PATIENCE = 2
#: The last try comes after more than a day, when Stripe has forgotten the first.
MOST_TRIES = 11


def settle_later(subscription_pk: str, tries: int = 0) -> None:
    """Have what an end gives back tried again, where a queue lets time pass.

    ``billing_drain`` tries again, too.
    """
    _try_later(settle_end, subscription_pk, tries=tries)


def _try_later(task: Any, *arguments: Any, tries: int) -> None:
    if tries < MOST_TRIES and task_backends[task.backend].supports_defer:
        later = timezone.now() + timedelta(minutes=PATIENCE * 2**tries)
        task.using(run_after=later).enqueue(*arguments, tries + 1)


@task()
def settle_end(subscription_pk: str, tries: int = 1) -> None:
    """Give back what was promised with an end; what fails again is tried again."""
    subscription = Subscription.objects.get(pk=subscription_pk)
    if ends.is_due(subscription) and not ends.keep_promise(subscription):
        settle_later(subscription_pk, tries)


@task()
def claim_schedule(schedule_pk: str, tries: int = 0) -> None:
    """Let a member undo what Stripe's page scheduled for them."""
    try:
        hosted_openings.claim(SubscriptionSchedule.objects.get(pk=schedule_pk))
    except BillingError:
        _try_later(claim_schedule, schedule_pk, tries=tries)
        raise


@task()
def push_identity(user_pk: str) -> None:
    """Tell Stripe a member's new e-mail address or name."""
    user = get_user_model()._default_manager.filter(pk=user_pk).first()
    if user is not None:
        customers.push_identity(user)


@task()
def release_customer(customer_pk: str, cancel: bool, tries: int = 0) -> None:
    """Let go of a deleted member's customer; what fails is tried again."""
    try:
        customers.release_customer(Customer.objects.get(pk=customer_pk), cancel=cancel)
    except BillingError:
        _try_later(release_customer, customer_pk, cancel, tries=tries)
        raise


@task()
def push_configuration(settings_pk: int) -> None:
    """Make Stripe's own portal offer what the site's settings offer."""
    configuration.push_configuration(PortalSettings.objects.get(pk=settings_pk))
