"""Work that need not hold up an answer: primary keys in, nothing out."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django_tasks import task, task_backends
from django_tasks.backends.immediate import ImmediateBackend

from .actions import configuration, customers
from .mirror import inbox, refresh
from .models import Customer, PortalSettings


def runs_at_once() -> bool:
    """Whether no queue is configured, so that tasks run where they are enqueued."""
    backend = task_backends[drain_inbox.backend]
    return isinstance(backend, ImmediateBackend)


@task()
def drain_inbox() -> None:
    """Apply waiting events, then fetch what they left undecided."""
    inbox.drain()
    refresh.refresh_due()


@task()
def push_identity(user_pk: str) -> None:
    """Tell Stripe a member's new e-mail address or name."""
    user = get_user_model()._default_manager.filter(pk=user_pk).first()
    if user is not None:
        customers.push_identity(user)


@task()
def release_customer(customer_pk: str, cancel: bool) -> None:
    """Let go of a deleted member's customer."""
    customers.release_customer(Customer.objects.get(pk=customer_pk), cancel=cancel)


@task()
def push_configuration(settings_pk: int) -> None:
    """Make Stripe's own portal offer what the site's settings offer."""
    configuration.push_configuration(PortalSettings.objects.get(pk=settings_pk))
