"""What happens to members reaches Stripe by task, after commit."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models.signals import post_save, pre_delete, pre_save

from .actions.customers import forget_member
from .actions.hosted_openings import is_from_hosted_page
from .actions.waiting import note_what_is_paid, waits_for_payment
from .adapter import get_adapter
from .conf import conf
from .models import (
    CustomerAccess,
    PortalSettings,
    Subscription,
    SubscriptionSchedule,
)
from .signals import mirrored, settlement_delayed
from .tasks import (
    claim_schedule,
    push_configuration,
    push_identity,
    release_customer,
    settle_later,
)


def remember_identity(
    sender: type[AbstractBaseUser],
    instance: AbstractBaseUser,
    raw: bool = False,
    **kwargs: Any,
) -> None:
    """Note what e-mail and name were before a member is saved."""
    if raw or instance._state.adding:
        return
    before = sender._default_manager.filter(pk=instance.pk).first()
    instance._billing_identity = before and _identity(before)  # type: ignore[attr-defined]


def notice_new_identity(
    sender: type[AbstractBaseUser],
    instance: AbstractBaseUser,
    created: bool,
    **kwargs: Any,
) -> None:
    """Tell Stripe when e-mail or name changed."""
    before = instance.__dict__.pop("_billing_identity", None)
    if created or before is None or before == _identity(instance):
        return
    if CustomerAccess.objects.filter(user_id=instance.pk, is_own=True).exists():
        transaction.on_commit(partial(push_identity.enqueue, str(instance.pk)))


def release_member(
    sender: type[AbstractBaseUser], instance: AbstractBaseUser, **kwargs: Any
) -> None:
    """Let go of the customers that only this member had."""
    cancel = get_adapter().cancels_on_user_deletion(instance)
    for access in CustomerAccess.objects.filter(user_id=instance.pk).select_related(
        "customer"
    ):
        if access.customer.access.exclude(user_id=instance.pk).exists():
            continue  # A team mate goes on paying.
        transaction.on_commit(
            partial(release_customer.enqueue, access.customer_id, cancel)
        )
    forget_member(instance.pk)


def forget_configuration(
    sender: type[PortalSettings], instance: PortalSettings, **kwargs: Any
) -> None:
    """What was made at one Stripe account the site's next one does not know."""
    same = sender._default_manager.filter(pk=instance.pk)
    if same.exclude(stripe_account=instance.stripe_account).exists():
        instance.stripe_configuration = ""


def push_portal_settings(
    sender: type[PortalSettings], instance: PortalSettings, created: bool, **kwargs: Any
) -> None:
    """Keep Stripe's portal like ours, once there is something to keep."""
    # Settings are first made while some page renders; Stripe is not called for that.
    if not created and instance.stripe_account in conf.ACCOUNTS:
        transaction.on_commit(partial(push_configuration.enqueue, instance.pk))


def try_again_later(
    sender: type[Subscription], subscription: Subscription, **kwargs: Any
) -> None:
    """Give back later what could not be given back now."""
    transaction.on_commit(partial(settle_later, subscription.pk))


def claim_what_is_the_members(
    sender: type[SubscriptionSchedule], instance: SubscriptionSchedule, **kwargs: Any
) -> None:
    """Whoever scheduled something on Stripe's page need not come back to undo it."""
    if is_from_hosted_page(instance):
        transaction.on_commit(partial(claim_schedule.enqueue, instance.pk))


def note_what_was_asked_for(
    sender: type[Subscription],
    instance: Subscription,
    before: dict[str, Any],
    **kwargs: Any,
) -> None:
    """Write down what waited for its payment, whoever says that this has come."""
    if waits_for_payment(before):
        note_what_is_paid(instance)


def connect() -> None:
    """Connect all of the above; called once, when the app is ready."""
    user_model = get_user_model()
    pre_save.connect(remember_identity, sender=user_model)
    post_save.connect(notice_new_identity, sender=user_model)
    pre_delete.connect(release_member, sender=user_model)
    pre_save.connect(forget_configuration, sender=PortalSettings)
    post_save.connect(push_portal_settings, sender=PortalSettings)
    settlement_delayed.connect(try_again_later)
    mirrored.connect(claim_what_is_the_members, sender=SubscriptionSchedule)
    mirrored.connect(note_what_was_asked_for, sender=Subscription)


def _identity(user: AbstractBaseUser) -> tuple[str, str]:
    adapter = get_adapter()
    return adapter.get_email(user), adapter.get_name(user)
