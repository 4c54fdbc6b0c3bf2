"""What a member has set in motion, once the shop is open, and what is still to come."""

from __future__ import annotations

from django.contrib.auth.models import User

from wagtail_billing_portal.actions.changes import make_change
from wagtail_billing_portal.actions.pausing import pause, preview_pause
from wagtail_billing_portal.actions.previews import preview_change
from wagtail_billing_portal.gateway import new_key
from wagtail_billing_portal.models import Price, Subscription
from wagtail_billing_portal.policies.timing import Change
from weekly_loaf.demo.seeding.deeds import account_of

WHO = "hana@example.com"
RESTS = "reader_month_gbp"
CHANGES = "supporter_year_gbp"
CHANGES_TO = "reader_year_gbp"


def seed_wishes() -> None:
    """Let Hana rest from one of her subscriptions, and want less of another."""
    user = User.objects.get(username=WHO)
    if not Subscription.objects.filter(acts__user=user).exists():
        _rest(user)
        _want_less(user)


def _rest(user: User) -> None:
    account = account_of(user)
    subscription = _to(user, RESTS)
    preview = preview_pause(account, subscription)
    signed = preview.signed(subscription)
    length = account.settings.offered_pause_lengths[-1]
    pause(account, subscription, length, signed=signed, key=new_key())


def _want_less(user: User) -> None:
    account = account_of(user)
    subscription = _to(user, CHANGES)
    price = Price.objects.get(data__lookup_key=CHANGES_TO)
    change = Change(subscription.first_item, price)
    preview = preview_change(account, subscription, change)
    signed = preview.signed(subscription)
    make_change(account, subscription, change, signed=signed, key=new_key())


def _to(user: User, lookup_key: str) -> Subscription:
    subscriptions = account_of(user).current_subscriptions
    return next(it for it in subscriptions if it.price.data["lookup_key"] == lookup_key)
