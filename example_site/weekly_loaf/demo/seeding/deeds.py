"""What members do, through the portal's own doors and Stripe's API."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from wagtail.models import Site

from wagtail_billing_portal.accounts import BillingAccount, account_for
from wagtail_billing_portal.actions.customers import (
    ensure_customer,
    refresh_subscriptions,
)
from wagtail_billing_portal.actions.subscriptions import cancel_at_period_end
from wagtail_billing_portal.gateway import new_key, stripe_for
from weekly_loaf.demo.seeding.catalog import ACCOUNT

VISA = "pm_card_visa"
ATTACHES_THEN_DECLINES = "pm_card_chargeCustomerFail"


def subscribe(
    user: User,
    *lookup_keys: str,
    card: str = VISA,
    language: str = "en-GB",
    trial_days: int = 0,
    quantity: int = 1,
    code: str = "",
    due_within: int = 0,
) -> None:
    """Become a customer with a card, and subscribe with it; to the first, so often.

    Where something is due within days, invoices are sent and the card is not charged.
    """
    customer = ensure_customer(user, stripe_account=ACCOUNT, language=language)
    with stripe_for(ACCOUNT) as client:
        _pay_with(client, customer.pk, card)
        items = [{"price": _price(client, key)} for key in lookup_keys]
        if quantity > 1:
            items[0]["quantity"] = quantity
        params: dict[str, Any] = {
            "customer": customer.pk,
            "items": items,
            "metadata": {"user": str(user.pk)},
        }
        if code:
            (found,) = client.v1.promotion_codes.list({"code": code}).data
            params["discounts"] = [{"promotion_code": found.id}]
        if trial_days:
            params["trial_period_days"] = trial_days
        if due_within:
            params["collection_method"] = "send_invoice"
            params["days_until_due"] = due_within
        client.v1.subscriptions.create(params)


def agree(user: User, *, quantity: int) -> None:
    """Have staff put down at Stripe that there will be more from the next period on."""
    customer = ensure_customer(user, stripe_account=ACCOUNT)
    with stripe_for(ACCOUNT) as client:
        (bought,) = client.v1.subscriptions.list({"customer": customer.pk}).data
        schedules = client.v1.subscription_schedules
        made = schedules.create({"from_subscription": bought.id})
        (running,) = made.phases
        (item,) = running["items"]
        now: dict[str, Any] = {
            "items": [{"price": item["price"], "quantity": item["quantity"]}],
            "start_date": running["start_date"],
            "end_date": running["end_date"],
        }
        later: dict[str, Any] = {
            "items": [{"price": item["price"], "quantity": quantity}],
            "duration": {"interval": "month", "interval_count": 12},
        }
        phases: Any = [now, later]
        schedules.update(made.id, {"phases": phases})


def read_pages(user: User, pages: int) -> None:
    """Use so much of what is paid for by the page; the site would count this itself."""
    customer = ensure_customer(user, stripe_account=ACCOUNT)
    with stripe_for(ACCOUNT) as client:
        client.v1.billing.meter_events.create(
            {
                "event_name": "page_read",
                "payload": {"stripe_customer_id": customer.pk, "value": str(pages)},
            }
        )


def change_to_failing_card(user: User) -> None:
    """Pay with a card that can be stored and is declined whenever it is charged."""
    customer = ensure_customer(user, stripe_account=ACCOUNT)
    with stripe_for(ACCOUNT) as client:
        _pay_with(client, customer.pk, ATTACHES_THEN_DECLINES)


def cancel(user: User, *, reason: str) -> None:
    """Cancel for the end of the period, on the portal."""
    # The webhooks of these months have not been delivered yet.
    refresh_subscriptions(account_of(user))
    account = account_of(user)
    cancel_at_period_end(
        account, account.current_subscriptions[0], reason=reason, key=new_key()
    )


def _price(client: Any, lookup_key: str) -> Any:
    (price,) = client.v1.prices.list({"lookup_keys": [lookup_key]}).data
    return price.id


def account_of(user: User) -> BillingAccount:
    """What the site's pages ask about this member."""
    return account_for(user, site=Site.objects.get(is_default_site=True))


def _pay_with(client: Any, customer: str, card: str) -> None:
    method = client.v1.payment_methods.attach(card, {"customer": customer})
    client.v1.customers.update(
        customer, {"invoice_settings": {"default_payment_method": method.id}}
    )
