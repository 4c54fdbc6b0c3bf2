"""A business chose the same ids on both accounts: the first keeps them."""

from __future__ import annotations

import pytest

from tests.accounts.conftest import Shop
from tests.accounts.test_commands import run
from wagtail_billing_portal.models import (
    Coupon,
    Customer,
    EventStatus,
    Price,
    Product,
    StripeEvent,
    Subscription,
)

pytestmark = pytest.mark.django_db

SENTENCE = "bread belongs to the Stripe account"


def stock(shop: Shop) -> None:
    """The same shelf in each shop, and one thing more; a customer uses the coupon."""
    v1 = shop.side.client.v1
    v1.products.create({"id": "bread", "name": shop.product})
    terms = {"currency": "eur", "unit_amount": 500, "recurring": {"interval": "month"}}
    v1.prices.create({"product": "bread", **terms})
    v1.coupons.create({"id": "WELCOME", "percent_off": 25, "duration": "forever"})
    shop.price = shop.side.a_price(product=f"{shop.product}, sliced")
    shop.customer = shop.side.a_customer(email="ada@example.com")
    shop.subscription = shop.side.subscribe(
        shop.customer, shop.price, discounts=[{"coupon": "WELCOME"}]
    )


@pytest.fixture
def stocked(shops) -> list[Shop]:
    for shop in shops:
        stock(shop)
    return shops


@pytest.fixture
def before(stocked) -> dict[tuple[str, str], dict[str, object]]:
    """What the first account has in the mirror, where it came first."""
    run("billing_backfill", "--account", stocked[0].alias)
    return stocked[0].mirrored()


def assert_all_but_the_same_ids_are_there(here: Shop, there: Shop) -> None:
    assert Product.objects.get(pk="bread").stripe_account == here.alias
    assert Coupon.objects.get(pk="WELCOME").stripe_account == here.alias
    assert Price.objects.get(pk=there.price).stripe_account == there.alias
    assert Customer.objects.on_account(there.alias).get().pk == there.customer
    subscription = Subscription.objects.get(pk=there.subscription)
    assert subscription.status == "active"
    assert subscription.name == f"{there.product}, sliced"


@pytest.mark.parametrize("command", ["billing_backfill", "billing_reconcile"])
def test_the_walk_leaves_them_out_says_so_and_goes_on(stocked, before, command):
    here, there = stocked

    full = ["--full"] if command == "billing_reconcile" else []
    told = run(command, "--account", there.alias, *full)

    assert here.mirrored() == before
    assert f"left out product bread: {SENTENCE} '{here.alias}'" in told
    assert "under another id" in told
    assert ("status 1" in told) == bool(full)
    assert_all_but_the_same_ids_are_there(here, there)


def test_webhooks_keep_them_with_the_sentence_and_go_on(stocked, before):
    here, there = stocked

    there.side.deliver_all()

    kept = StripeEvent.objects.exclude(error="")
    assert here.mirrored() == before
    assert (
        SENTENCE
        in kept.get(type="product.created", payload__data__object__id="bread").error
    )
    assert set(kept.values_list("status", flat=True)) == {EventStatus.PENDING}
    assert_all_but_the_same_ids_are_there(here, there)


def test_setup_says_so_each_time_and_has_nothing_else_to_do(stocked, before):
    there = stocked[1]
    run("billing_setup", "--account", there.alias)

    told = run("billing_setup", "--account", there.alias)

    assert SENTENCE in told
    assert "nothing was to be done" in told


def test_what_refers_to_them_is_no_obstacle_to_whatever_waits(stocked, before):
    """A price of a product that stays out is fetched in vain; the rest is fetched."""
    here, there = stocked
    v1 = there.side.client.v1
    loaf = v1.prices.list({"product": "bread"}).data[0].id
    v1.subscriptions.update(there.subscription, {"items": [{"price": loaf}]})
    there.side.deliver_all()
    Customer.objects.update(needs_refresh=True, name="Old")
    # Fetched together with its discount, whose coupon stays out.
    Subscription.objects.update(needs_refresh=True, data={}, digest="", as_of=1)

    run("billing_drain")

    assert Price.objects.get(pk=loaf).is_stub
    assert not Customer.objects.filter(name="Old").exists()
    assert not Subscription.objects.filter(data={}).exists()
    assert here.mirrored().keys() == before.keys()
