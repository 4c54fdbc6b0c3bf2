"""Subscribing, through Stripe's Checkout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.contrib.auth.models import AbstractBaseUser

from ..accounts import BillingAccount
from ..exceptions import NotASubscriber, UnknownStripeObject
from ..gateway import Params, answer_of, options, rows_of, stripe_for
from ..mirror.refresh import let_in
from ..models import Customer, Price, Subscription, SubscriptionItem
from ..policies.catalog import may_buy_beside, may_subscribe
from .customers import ensure_customer, refresh_subscriptions

PLACEHOLDER = "{CHECKOUT_SESSION_ID}"


def start_checkout(
    account: BillingAccount,
    *,
    price_id: str,
    success_url: str,
    cancel_url: str,
    locale: str,
    key: str,
    quantity: int = 1,
    beside: Sequence[SubscriptionItem] = (),
) -> str:
    """The address of a Checkout page on which the member pays for ``price_id``.

    ``beside`` are items of an earlier subscription, to be had again with it.
    Both return addresses are absolute and already checked by the caller; Stripe adds
    ``session_id`` to the first. Raises ``NotAllowed`` or another ``BillingError``.
    """
    price = _price(account, price_id)
    may_subscribe(account, price).require()
    member = cast(AbstractBaseUser, account.user)  # Visitors were refused.
    alias = account.settings.stripe_account
    # A late webhook must not let anybody subscribe twice: ask Stripe, then decide.
    refresh_subscriptions(account)
    now = BillingAccount(member, account.site)
    may_subscribe(now, price).require()
    customer = now.customer or ensure_customer(
        member, stripe_account=alias, language=_language(locale)
    )
    lines = [_line(price, quantity), *_lines_beside(now, beside)]
    params = _session(account, customer, lines, key)
    params |= _currency(customer, [price, *(it.price for it in beside if it.price)])
    params |= {
        "success_url": _with_session_id(success_url),
        "cancel_url": cancel_url,
        "locale": locale,
    }
    with stripe_for(alias) as client:
        _close_other_pages(client, customer, key)
        session = client.v1.checkout.sessions.create(params, options(key, "checkout"))
    return str(session.url)


def complete_checkout(
    account: BillingAccount, *, session_id: str
) -> Subscription | None:
    """Read what a Checkout page made, so that the next page shows it already.

    ``None`` while it is unpaid. Raises ``UnknownStripeObject`` for a session of
    somebody else, ``StripeUnavailable`` when Stripe cannot be asked.
    """
    if account.customer is None:
        raise NotASubscriber(f"{account.user.pk} has no customer.")
    alias = account.settings.stripe_account
    with stripe_for(alias) as client:
        answer = answer_of(
            client.v1.checkout.sessions.retrieve(
                session_id,
                {
                    "expand": [
                        "customer",
                        "subscription.latest_invoice",
                        "subscription.default_payment_method",
                    ]
                },
            )
        )
    session = answer.data
    if (session.get("customer") or {}).get("id") != account.customer.pk:
        raise UnknownStripeObject(f"{session_id} is another customer's.")
    made = session.get("subscription")
    if session.get("status") != "complete" or not made:
        return None
    for part in (session["customer"], made):
        let_in(replace(answer, data=part), account=alias)
    return Subscription.objects.get(pk=made["id"])


def _price(account: BillingAccount, price_id: str) -> Price:
    alias = account.settings.stripe_account
    price = (
        Price.objects.on_account(alias)
        .select_related("product")
        .filter(pk=price_id)
        .first()
    )
    if price is None:
        raise UnknownStripeObject(f"No price {price_id} on {alias}.")
    found: Price = price
    return found


def _session(
    account: BillingAccount, customer: Customer, lines: list[Params], key: str
) -> Params:
    member = {"user": str(account.user.pk)}
    return {
        "mode": "subscription",
        "customer": customer.pk,
        "client_reference_id": str(account.user.pk),
        "line_items": lines,
        "metadata": {**member, "key": key},
        "subscription_data": {"metadata": member},
    }


def _currency(customer: Customer, prices: list[Price]) -> Params:
    """What the site has shown: Stripe would go by where the member is just now."""
    paid_in = customer.currency
    is_known = bool(paid_in) and all(it.is_sold_in(paid_in) for it in prices)
    return {"currency": paid_in} if is_known else {}


def _line(price: Price, quantity: int) -> Params:
    # Nobody orders a number of what is counted, and Stripe refuses one.
    count = {} if price.is_metered else {"quantity": quantity}
    return {"price": price.pk, **count}


def _lines_beside(
    account: BillingAccount, items: Sequence[SubscriptionItem]
) -> list[Params]:
    lines = []
    for item in items:
        if item.price is not None:
            may_buy_beside(account, item.price).require()
            lines.append(_line(item.price, item.quantity or 1))
    return lines


def _close_other_pages(client: Any, customer: Customer, key: str) -> None:
    # Two pages left open in two tabs would be two subscriptions once both are paid.
    listed = client.v1.checkout.sessions.list(
        {"customer": customer.pk, "status": "open", "limit": 100}
    )
    for answer in rows_of(listed):
        if (answer.data.get("metadata") or {}).get("key") != key:
            client.v1.checkout.sessions.expire(answer.data["id"])


def _with_session_id(url: str) -> str:
    parts = urlsplit(url)
    query = urlencode(parse_qsl(parts.query))
    marker = f"session_id={PLACEHOLDER}"
    return urlunsplit(parts._replace(query=f"{query}&{marker}" if query else marker))


def _language(locale: str) -> str:
    return "" if locale == "auto" else locale
