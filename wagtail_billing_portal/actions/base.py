from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..exceptions import StripeRefused
from ..gateway import answer_of, complete_lists, options, stripe_for
from ..mirror.ingest import version_of
from ..mirror.refresh import let_in, look_again, refresh
from ..models import MirroredObject, Subscription

Row = TypeVar("Row", bound=MirroredObject)
#: All that can have changed along with a subscription.
EXPANDED = ["discounts", "schedule", "latest_invoice", "default_payment_method"]


def change(row: Row, call: Callable[[Any], Any]) -> Row:
    """Have ``call(client)`` change ``row``'s object at Stripe and mirror the answer.

    When Stripe refuses, the row is fetched again before the refusal goes on: most
    often the object had changed there in the meantime.
    """
    seen = version_of(row)
    try:
        with stripe_for(row.stripe_account) as client:
            answer = answer_of(call(client))
    except StripeRefused:
        refresh(row)
        raise
    let_in(answer, account=row.stripe_account, seen=seen)
    forget_related(row)
    row.refresh_from_db()
    return row


def update_subscription(
    subscription: Subscription, params: dict[str, Any], request: Any
) -> Subscription:
    """Change it at Stripe; ``request`` are the SDK's options, see ``once``.

    Raises ``BillingError``.
    """
    return change(
        subscription,
        lambda client: client.v1.subscriptions.update(subscription.pk, params, request),
    )


def once(row: MirroredObject, key: str) -> Any:
    """The SDK's options for a form's request about a row.

    A form found again with the back button acts on what there is now; only the same
    form for the same version is the same request.
    """
    seen = version_of(row)
    return options(key, str(seen.as_of), seen.digest)


def see(row: MirroredObject) -> None:
    """Let the mirror know what became of it, and with it who asks next."""
    look_again(row)
    forget_related(row)
    row.refresh_from_db()


def see_whole(subscription: Subscription) -> None:
    """The same in one request with what may have come along with it.

    Raises ``BillingError``.
    """
    see_by(
        subscription,
        lambda client: client.v1.subscriptions.retrieve(
            subscription.pk, {"expand": EXPANDED}
        ),
    )
    forget_related(subscription)
    subscription.refresh_from_db()


def see_by(row: MirroredObject, retrieve: Callable[[Any], Any]) -> None:
    """Let in what ``retrieve(client)`` answers about ``row``'s object."""
    seen = version_of(row)
    with stripe_for(row.stripe_account) as client:
        answer = answer_of(retrieve(client))
        complete_lists(client, answer.data)
    let_in(answer, account=row.stripe_account, seen=seen)


def forget_related(row: MirroredObject) -> None:
    """Let what was read along with a row be read anew."""
    row.__dict__.pop("_prefetched_objects_cache", None)
    row._state.fields_cache.clear()
