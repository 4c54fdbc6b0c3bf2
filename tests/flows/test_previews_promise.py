"""Whatever a member changes, and however often: what was shown is what is charged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.convergence.stories import undone_afterwards
from tests.tools.groups import group
from tests.tools.shop import account_of_user, the_settings
from wagtail_billing_portal.actions.changes import make_change
from wagtail_billing_portal.actions.figures import bill_of
from wagtail_billing_portal.actions.previews import preview_change
from wagtail_billing_portal.exceptions import NotAllowed
from wagtail_billing_portal.gateway import new_key
from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.models import Price, Subscription
from wagtail_billing_portal.policies.timing import Change, comes_at, waits
from wagtail_billing_portal.testing import Shop, StripeSide

AT_ONCE = {
    "wait_if_cheaper": False,
    "wait_if_shorter": False,
    "wait_if_fewer": False,
}


class Payer:
    """A member with one subscription, who changes it all the time."""

    def __init__(
        self, stripe_side: StripeSide, member: AbstractBaseUser, subscription: str
    ) -> None:
        self.stripe_side = stripe_side
        self.member = member
        self.id = subscription

    def change(self, wish: Any) -> None:
        """Look at the figures, confirm them, and compare with what was charged."""
        account = account_of_user(self.member)
        subscription = account.subscription_with(self.id)
        if (change := wish(subscription)) is None:
            return
        before = self.newest_invoice()["id"]
        try:
            preview = preview_change(account, subscription, change)
        except NotAllowed:
            return
        signed = preview.signed(subscription)
        changed = make_change(
            account, subscription, change, signed=signed, key=new_key()
        )

        newest, shown = self.newest_invoice(), preview.figures.now
        assert not changed.needs_payment
        if shown is None:
            assert newest["id"] == before
        elif newest["id"] == before:
            # Nothing was to be paid, nor to be credited.
            assert (shown.total, shown.lines) == (0, ())
        else:
            assert bill_of(newest) == shown
        self._compare_what_comes(preview.figures.then, restarts=change.restarts)

    def wait_for(self, wish: Any) -> None:
        """Confirm what comes later, live on until then, and compare."""
        account = account_of_user(self.member)
        subscription = account.subscription_with(self.id)
        change = wish(subscription)
        if not waits(account.settings, subscription, change):
            return
        try:
            preview = preview_change(account, subscription, change)
        except NotAllowed:
            return
        signed = preview.signed(subscription)
        make_change(account, subscription, change, signed=signed, key=new_key())
        before = self.newest_invoice()["id"]

        comes = comes_at(subscription, change)
        assert comes is not None
        past = int(comes.timestamp()) - self.stripe_side.world.now
        self.stripe_side.advance(seconds=past + 2 * 60 * 60)

        newest = self.newest_invoice()
        assert preview.figures.now is None
        assert newest["id"] != before
        assert bill_of(newest) == preview.figures.then

    def _compare_what_comes(self, shown: Any, *, restarts: bool) -> None:
        upcoming = bill_of(self.upcoming())
        if restarts:
            # By then, what is left of a balance counts, too.
            assert upcoming.total == shown.total
        else:
            assert upcoming == shown

    def upcoming(self) -> dict[str, Any]:
        found = self.stripe_side.client.v1.invoices.create_preview(
            {"subscription": self.id}
        )
        return found.to_dict(for_json=True)

    def newest_invoice(self) -> dict[str, Any]:
        listed = self.stripe_side.client.v1.invoices.list({"subscription": self.id})
        return listed.data[0].to_dict(for_json=True)


def another_plan(shop: Priced, n: int) -> Any:
    prices = (shop.reader, shop.supporter, shop.supporter_yearly, shop.reader_yearly)

    def wish(subscription: Subscription) -> Change:
        item = subscription.first_item
        return Change(item, _price(prices[n % 4]), (item and item.quantity) or 1)

    return wish


def another_letter(shop: Priced, n: int) -> Any:
    """Another price in the place of the second item, if that is a letter."""

    def wish(subscription: Subscription) -> Change | None:
        held = [it for it in subscription.items.all() if it.price_id in shop.letters]
        if not held:
            return None
        price = _price(shop.letters[n % len(shop.letters)])
        return Change(held[0], price, held[0].quantity or 1)

    return wish


def another_quantity(shop: Priced, n: int) -> Any:
    def wish(subscription: Subscription) -> Change | None:
        item = subscription.items.all()[n % len(subscription.items.all())]
        return Change(item, item.price, 1 + n % 9)

    return wish


def one_more(shop: Priced, n: int) -> Any:
    return lambda subscription: Change(None, _price(shop.team), 1 + n % 4)


def one_less(shop: Priced, n: int) -> Any:
    def wish(subscription: Subscription) -> Change | None:
        extras = [it for it in subscription.items.all() if it.price_id == shop.team]
        return Change(extras[0], None) if extras else None

    return wish


def _price(id: str) -> Price:
    return Price.objects.select_related("product").get(pk=id)


WISHES = [another_plan, another_letter, another_quantity, one_more, one_less]


@dataclass(frozen=True)
class Priced(Shop):
    """A shop that has something beside its plans, by the month and by the year."""

    letters: tuple[str, ...]


@pytest.fixture
def priced(stripe_side: StripeSide, shop: Shop) -> Priced:
    group(
        shop.reader,
        shop.supporter,
        shop.reader_yearly,
        shop.supporter_yearly,
        maximum=9,
    )
    group(shop.team, are_extras=True, maximum=9)
    letters = (
        stripe_side.a_price(200, product="Letter"),
        stripe_side.a_price(400, product="Large letter"),
        stripe_side.a_price(4000, product="Yearly letter", interval="year"),
    )
    list(backfill("default", only=["product", "price"]))
    group(*letters, maximum=9)
    return Priced(**vars(shop), letters=letters)


@pytest.fixture(autouse=True)
def as_many_previews_as_wanted(settings: Any) -> None:
    """One customer lives through a hundred stories."""
    settings.RATELIMIT_ENABLE = False


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(WISHES), st.integers(0, 50), st.integers(0, 3_000_000)
        ),
        min_size=1,
        max_size=6,
    ),
    mode=st.sampled_from(["flexible", "classic"]),
    discount=st.booleans(),
    tax=st.sampled_from(["", "inclusive", "exclusive"]),
    trial=st.booleans(),
    charged=st.sampled_from(["always_invoice", "create_prorations", "none"]),
    trial_change=st.sampled_from(["end_trial", "continue_trial"]),
    several=st.booleans(),
    anchor=st.sampled_from(["unchanged", "now"]),
)
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_was_shown_is_charged_to_the_minor_unit(
    stripe_side: StripeSide,
    member: AbstractBaseUser,
    customer: str,
    priced: Priced,
    steps: Any,
    mode: str,
    discount: bool,
    tax: str,
    trial: bool,
    charged: str,
    trial_change: str,
    several: bool,
    anchor: str,
) -> None:
    with undone_afterwards():
        the_settings(
            proration=charged,
            trial_change=trial_change,
            billing_anchor=anchor,
            **AT_ONCE,
        )
        stripe_side.stop_clock()
        terms: dict[str, Any] = {"billing_mode": {"type": mode}}
        if discount:
            terms["discounts"] = [{"coupon": priced.coupon}]
        if trial:
            terms["trial_period_days"] = 14
        if tax:
            terms["default_tax_rates"] = [_vat(stripe_side, tax)]
        items = (priced.supporter, *priced.letters[: int(several)])
        id = stripe_side.subscribe(customer, *items, **terms)
        stripe_side.deliver_all()
        payer = Payer(stripe_side, member, id)

        for wish, n, seconds in steps:
            stripe_side.advance(seconds=seconds)
            stripe_side.deliver_all()
            payer.change(wish(priced, n))


@given(
    wish=st.sampled_from([another_plan, another_quantity]),
    n=st.integers(0, 50),
    seconds=st.integers(0, 2_500_000),
    mode=st.sampled_from(["flexible", "classic"]),
    discount=st.booleans(),
    tax=st.sampled_from(["", "inclusive", "exclusive"]),
    balance=st.sampled_from([0, -700, -700_000, 300]),
)
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_was_shown_for_later_is_charged_then(
    stripe_side: StripeSide,
    member: AbstractBaseUser,
    customer: str,
    priced: Priced,
    wish: Any,
    n: int,
    seconds: int,
    mode: str,
    discount: bool,
    tax: str,
    balance: int,
) -> None:
    with undone_afterwards():
        stripe_side.stop_clock()
        terms: dict[str, Any] = {"billing_mode": {"type": mode}}
        if discount:
            terms["discounts"] = [{"coupon": priced.coupon}]
        if tax:
            terms["default_tax_rates"] = [_vat(stripe_side, tax)]
        v1 = stripe_side.client.v1
        five: Any = {"price": priced.supporter_yearly, "quantity": 5}
        id = v1.subscriptions.create(
            {"customer": customer, "items": [five], **terms}
        ).id
        v1.customers.update(customer, {"balance": balance})
        stripe_side.advance(seconds=seconds)
        stripe_side.deliver_all()
        payer = Payer(stripe_side, member, id)

        payer.wait_for(wish(priced, n))


def _vat(stripe_side: StripeSide, kind: str) -> str:
    is_inclusive = kind == "inclusive"
    return stripe_side.client.v1.tax_rates.create(
        {"display_name": "VAT", "percentage": 19, "inclusive": is_inclusive}
    ).id
