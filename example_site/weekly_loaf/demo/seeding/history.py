"""What the cast has lived through, told to Stripe's sandbox at the time it happened.

The sandbox's clock is stopped in the past, moved forward from one deed to the next, and
let go at the end: invoices, renewals and failures on the way are the sandbox's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from wagtail_billing_portal.sandbox import clock
from wagtail_billing_portal.sandbox.world import account_for_key, open_world
from weekly_loaf.demo.cast import CAST, Story
from weekly_loaf.demo.seeding import deeds
from weekly_loaf.demo.seeding.months import renewed_days_ago


@dataclass(frozen=True)
class Deed:
    """Something one of the cast does at a moment of the past."""

    at: datetime
    do: Callable[[], None]


def beginning(now: datetime) -> datetime:
    """The day before the first deed: when the paper's books were opened."""
    return renewed_days_ago(now, days=12, months=40)


def live_through() -> None:
    """Do every deed of the cast in the order of time."""
    now = timezone.now()
    for deed in sorted(_deeds(now), key=lambda deed: deed.at):
        travel(to=deed.at)
        deed.do()
    travel(to=now)


@contextmanager
def in_the_past(start: datetime) -> Iterator[None]:
    """Stop the sandbox's clock at ``start``; afterwards it runs in real time again."""
    travel(to=start)
    yield
    with open_world(_world()) as world:
        clock.release(world)


def travel(*, to: datetime) -> None:
    """Move the sandbox's clock, letting everything fall due that does."""
    with open_world(_world()) as world:
        clock.travel(world, int(to.timestamp()))


def _world() -> str:
    accounts = settings.WAGTAIL_BILLING_PORTAL["ACCOUNTS"]
    return account_for_key(accounts["default"]["SECRET_KEY"])


def _deeds(now: datetime) -> Iterator[Deed]:
    users = {user.username: user for user in User.objects.all()}
    for role in CAST:
        tell = STORIES.get(role.story)
        if tell is not None:
            yield from tell(users[role.email], now)


def _monthly(user: User, now: datetime) -> Iterator[Deed]:
    start = renewed_days_ago(now, days=11, months=14)
    yield Deed(start, partial(deeds.subscribe, user, "supporter_month_gbp"))


def _yearly(user: User, now: datetime) -> Iterator[Deed]:
    start = renewed_days_ago(now, days=40, months=12)
    card = "pm_card_mastercard"
    yield Deed(start, partial(deeds.subscribe, user, "supporter_year_gbp", card=card))


def _trial(user: User, now: datetime) -> Iterator[Deed]:
    start = now - timedelta(days=5)
    yield Deed(start, partial(deeds.subscribe, user, "reader_month_gbp", trial_days=14))


def _past_due(user: User, now: datetime) -> Iterator[Deed]:
    start = renewed_days_ago(now, days=2, months=4)
    yield Deed(start, partial(deeds.subscribe, user, "supporter_month_gbp"))
    yield Deed(now - timedelta(days=20), partial(deeds.change_to_failing_card, user))


def _ending(user: User, now: datetime) -> Iterator[Deed]:
    start = renewed_days_ago(now, days=18, months=5)
    yield Deed(start, partial(deeds.subscribe, user, "reader_month_gbp"))
    yield Deed(now - timedelta(days=3), partial(deeds.cancel, user, reason="unused"))


def _ended(user: User, now: datetime) -> Iterator[Deed]:
    start = renewed_days_ago(now, days=20, months=7)
    yield Deed(start, partial(deeds.subscribe, user, "reader_month_gbp"))
    yield Deed(
        start + timedelta(days=70),
        partial(deeds.cancel, user, reason="too_expensive"),
    )


def _metered(user: User, now: datetime) -> Iterator[Deed]:
    start = renewed_days_ago(now, days=14, months=3)
    yield Deed(start, partial(deeds.subscribe, user, "archive_month_gbp"))
    for days, pages in ((75, 180), (40, 45), (13, 120), (6, 110), (1, 82)):
        yield Deed(now - timedelta(days=days), partial(deeds.read_pages, user, pages))


def _long_name(user: User, now: datetime) -> Iterator[Deed]:
    start = renewed_days_ago(now, days=25, months=3)
    card = "pm_card_amex"
    yield Deed(start, partial(deeds.subscribe, user, "team_month_gbp", card=card))


def _german(user: User, now: datetime) -> Iterator[Deed]:
    start = renewed_days_ago(now, days=7, months=6)
    yield Deed(
        start,
        partial(deeds.subscribe, user, "supporter_month_eur", language="de"),
    )


def _three(user: User, now: datetime) -> Iterator[Deed]:
    team = ("team_month_gbp", "print_month_gbp")
    first = partial(deeds.subscribe, user, *team, quantity=6, code="CRUMBS")
    yield Deed(renewed_days_ago(now, days=9, months=2), first)
    for plan, days in (("supporter_year_gbp", 51), ("reader_month_gbp", 24)):
        yield Deed(now - timedelta(days=days), partial(deeds.subscribe, user, plan))


def _long_ago(user: User, now: datetime) -> Iterator[Deed]:
    start = renewed_days_ago(now, days=12, months=39)
    yield Deed(start, partial(deeds.subscribe, user, "reader_month_gbp"))
    leave = partial(deeds.cancel, user, reason="unused")
    yield Deed(start + timedelta(days=40), leave)


def _agreed(user: User, now: datetime) -> Iterator[Deed]:
    team = partial(deeds.subscribe, user, "team_month_gbp", quantity=5)
    yield Deed(now - timedelta(days=20), team)
    yield Deed(now - timedelta(days=19), partial(deeds.agree, user, quantity=8))
    invoiced = partial(deeds.subscribe, user, "reader_month_gbp", due_within=14)
    yield Deed(now - timedelta(days=3), invoiced)


STORIES: dict[Story, Callable[[User, datetime], Iterator[Deed]]] = {
    "monthly": _monthly,
    "yearly": _yearly,
    "trial": _trial,
    "past_due": _past_due,
    "ending": _ending,
    "ended": _ended,
    "metered": _metered,
    "long_name": _long_name,
    "german": _german,
    "three": _three,
    "long_ago": _long_ago,
    "agreed": _agreed,
}
