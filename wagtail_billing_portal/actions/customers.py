"""Members and their Stripe customers."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from ..adapter import get_adapter
from ..exceptions import (
    BillingError,
    BillingNotConfigured,
    KeyReused,
    StripeUnavailable,
)
from ..gateway import (
    Answer,
    answer_of,
    forget_request,
    kept_of,
    kept_request,
    new_key,
    options,
    rows_of,
    stripe_for,
)
from ..mirror.ingest import ingest
from ..mirror.refresh import let_in
from ..models import Customer, CustomerAccess, KeptRequest, Role, Subscription
from ..policies.base import Asker
from ..signals import customer_linked
from .base import change, see_whole
from .cancellation import end_with_period

logger = logging.getLogger("wagtail_billing_portal.actions")


def ensure_customer(
    user: AbstractBaseUser, *, stripe_account: str, language: str = ""
) -> Customer:
    """The member's own Stripe customer, made the first time it is needed.

    However many tabs and workers ask at once, one customer is made. An existing
    customer is never taken over because of an e-mail address.
    """
    own = CustomerAccess.objects.filter(
        user_id=user.pk, stripe_account=stripe_account, is_own=True
    ).select_related("customer")
    purpose = _purpose(user, stripe_account)
    if linked := own.first():
        if linked.customer.deleted_at is None:
            return linked.customer
        # Deleted at Stripe: its history stays, and the member starts afresh.
        own.update(is_own=False)
        forget_request(purpose)
    answer = _created(user, stripe_account, purpose, language)
    return _linked(user, stripe_account, answer)


def push_identity(user: AbstractBaseUser) -> None:
    """Tell Stripe the member's present e-mail address and name, on each account.

    What goes wrong with one account is raised once the others were told.
    """
    adapter = get_adapter()
    identity = {"email": adapter.get_email(user), "name": adapter.get_name(user)}
    failure: Exception | None = None
    for access in CustomerAccess.objects.filter(
        user_id=user.pk, is_own=True, customer__deleted_at=None
    ).select_related("customer"):
        customer = access.customer
        changed = {
            field: value
            for field, value in identity.items()
            if value and value != getattr(customer, field)
        }
        if not changed:
            continue
        try:
            change(customer, partial(_update_customer, id=customer.pk, params=changed))
        except (BillingError, BillingNotConfigured) as error:
            failure = error
    if failure is not None:
        raise failure


def release_customer(customer: Customer, *, cancel: bool) -> None:
    """Let go of a customer whose member was deleted; invoices and history stay.

    With ``cancel`` its subscriptions end with the period that was paid for. Raises
    ``BillingError``; what is left is done by ``release_left_over``.
    """
    purpose = f"release:{customer.stripe_account}:{customer.pk}"
    kept_request(purpose, {"cancel": cancel})
    if cancel:
        _end_subscriptions(customer)
    if customer.deleted_at is None and "user" in customer.metadata:
        change(
            customer,
            partial(
                _update_customer, id=customer.pk, params={"metadata": {"user": ""}}
            ),
        )
    forget_request(purpose)


def release_left_over(alias: str = "") -> tuple[int, int]:
    """Let go of customers that could not be let go of; how many, and how many not yet.

    ``alias`` names one Stripe account; all are meant unless given.
    """
    requests = kept_of("release", alias)
    done = left = 0
    for customer in Customer.objects.filter(pk__in=requests):
        try:
            release_customer(customer, cancel=requests[customer.pk].params["cancel"])
            done += 1
        except (BillingError, BillingNotConfigured) as error:
            logger.warning("%s is not let go of yet: %s", customer.pk, error)
            left += 1
    return done, left


def forget_member(user_pk: Any) -> None:
    """Drop the requests that were kept for a member who no longer exists."""
    KeptRequest.objects.filter(
        purpose__startswith="customer:", purpose__endswith=f":{user_pk}"
    ).delete()


def refresh_subscriptions(asker: Asker) -> None:
    """Read the customer's subscriptions from Stripe, so that none is overlooked."""
    if asker.customer is None:
        return
    alias = asker.settings.stripe_account
    with stripe_for(alias) as client:
        listed = client.v1.subscriptions.list(
            {"customer": asker.customer.pk, "limit": 100}
        )
        answers = list(rows_of(listed))
    for answer in answers:
        let_in(answer, account=alias)


def _purpose(user: AbstractBaseUser, alias: str) -> str:
    return f"customer:{alias}:{user.pk}"


def _created(user: AbstractBaseUser, alias: str, purpose: str, language: str) -> Answer:
    wanted = get_adapter().get_customer_params(user, language=language)
    key, params = kept_request(purpose, wanted)
    try:
        with stripe_for(alias) as client:
            return answer_of(client.v1.customers.create(params, options(key)))
    except KeyReused as error:
        raise StripeUnavailable(str(error)) from error


def _linked(user: AbstractBaseUser, alias: str, answer: Answer) -> Customer:
    with transaction.atomic():
        ingest(answer.data, account=alias, as_of=answer.as_of, since=answer.since)
        customer = Customer.objects.get(pk=answer.data["id"])
        access, is_new = CustomerAccess.objects.get_or_create(
            user_id=user.pk,
            stripe_account=alias,
            is_own=True,
            defaults={"customer": customer, "role": Role.OWNER},
        )
        if is_new:
            transaction.on_commit(
                partial(
                    customer_linked.send,
                    sender=CustomerAccess,
                    customer=customer,
                    user=user,
                )
            )
    return access.customer


def _end_subscriptions(customer: Customer) -> None:
    """End each, whatever becomes of the others. Raises the first ``BillingError``."""
    errors = []
    for subscription in customer.subscriptions.all():
        if not subscription.has_ended:
            try:
                _end(subscription)
            except BillingError as error:
                errors.append(error)
    if errors:
        raise errors[0]


def _end(subscription: Subscription) -> None:
    # Nobody looks at it any more: it has to be right the first time.
    see_whole(subscription)
    if subscription.has_ended or _ends_with_what_is_paid(subscription):
        return
    # Neither was paid for, so that nothing could be used up first.
    if subscription.status in ("incomplete", "paused"):
        is_paused = subscription.status == "paused"
        ends_now: Any = {"invoice_now": is_paused, "prorate": False}
        change(
            subscription,
            lambda client: client.v1.subscriptions.cancel(subscription.pk, ends_now),
        )
    else:
        end_with_period(subscription, key=new_key())


def _ends_with_what_is_paid(subscription: Subscription) -> bool:
    end, paid_until = subscription.ends_at, subscription.paid_until
    return end is not None and (paid_until is None or end <= paid_until)


def _update_customer(client: Any, *, id: str, params: dict[str, Any]) -> Any:
    return client.v1.customers.update(id, params, options(new_key()))
