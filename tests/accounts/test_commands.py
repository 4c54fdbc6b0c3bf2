"""A command that is asked for one account does nothing to the other."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.accounts.conftest import Shop
from wagtail_billing_portal.gateway import stripe_for
from wagtail_billing_portal.models import Customer, Product, StripeEvent
from wagtail_billing_portal.sandbox import delivery, faults
from wagtail_billing_portal.sandbox.models import StoredObject

pytestmark = pytest.mark.django_db

ONE_ACCOUNT = [
    ["billing_setup", "--base-url", "http://testserver"],
    ["billing_setup", "--base-url", "http://testserver", "--dry-run"],
    ["billing_backfill"],
    ["billing_reconcile"],
    ["billing_reconcile", "--full"],
]


def run(*words: str) -> str:
    out = StringIO()
    try:
        call_command(*words, stdout=out, stderr=out)
    except SystemExit as ending:
        out.write(f"status {ending.code}")
    return out.getvalue()


def at_stripe(shop: Shop) -> list[tuple[object, ...]]:
    world = shop.side.world.account
    return list(StoredObject.objects.filter(account=world).values_list("pk", "data"))


@pytest.mark.parametrize("command", ONE_ACCOUNT, ids=" ".join)
def test_a_command_for_one_account_leaves_the_other_alone(here, there, command):
    Customer.objects.on_account(there.alias).update(needs_refresh=True, name="Old")
    there.side.client.v1.customers.create({"name": "Not told yet"})
    StripeEvent.objects.filter(stripe_account=there.alias).update(status="pending")
    here.side.client.v1.products.create({"name": "Brezel"})
    before = there.mirrored(), at_stripe(there), list(StripeEvent.objects.values())

    told = run(*command, "--account", here.alias)

    mine = StripeEvent.objects.filter(stripe_account=there.alias)
    assert there.mirrored() == before[0]
    assert at_stripe(there) == before[1]
    assert list(mine.values()) == [
        it for it in before[2] if it["stripe_account"] == there.alias
    ]
    assert there.alias not in told.replace(f"webhooks/{here.alias}", "")


@pytest.mark.parametrize("command", [["billing_backfill"], ["billing_reconcile"]])
def test_a_command_for_all_accounts_keeps_them_apart(shops, member, command):
    for shop in shops:
        shop.sell(member)

    run(*command)

    for shop in shops:
        ids = {id for _family, id in shop.mirrored()}
        assert {shop.price, shop.customer, shop.subscription} <= ids
    assert not shops[0].mirrored().keys() & shops[1].mirrored().keys()
    assert "status" not in run("billing_reconcile", "--full")


def test_a_refused_key_stops_its_own_account_only(shops, settings):
    here, there = shops
    there.side.client.v1.products.create({"name": "Wheat"})
    portal = settings.WAGTAIL_BILLING_PORTAL
    accounts = portal["ACCOUNTS"]
    accounts = accounts | {here.alias: accounts[here.alias] | {"SECRET_KEY": "sk_bad"}}
    settings.WAGTAIL_BILLING_PORTAL = {**portal, "ACCOUNTS": accounts}

    with pytest.raises(CommandError, match=f"Account '{here.alias}'"):
        run("billing_backfill")

    assert Product.objects.get().stripe_account == there.alias


def test_rows_of_an_account_that_is_gone_hold_up_no_other(here, there, settings):
    Customer.objects.update(needs_refresh=True, name="Old")
    portal = settings.WAGTAIL_BILLING_PORTAL
    left = {there.alias: portal["ACCOUNTS"][there.alias]}
    settings.WAGTAIL_BILLING_PORTAL = {**portal, "ACCOUNTS": left}

    run("billing_drain")

    assert not Customer.objects.get(pk=there.customer).needs_refresh
    assert Customer.objects.get(pk=here.customer).name == "Old"


@pytest.mark.parametrize("which", [0, 1])
def test_an_account_out_of_reach_holds_up_no_other(here, there, settings, which):
    portal = settings.WAGTAIL_BILLING_PORTAL
    settings.WAGTAIL_BILLING_PORTAL = {**portal, "MAX_NETWORK_RETRIES": 0}
    lost = [here, there][which].customer
    Customer.objects.update(needs_refresh=True, name="Old")
    faults.inject(faults.RESET_BEFORE_WRITE, method="GET", path=f"*{lost}")

    run("billing_drain")

    assert [it.pk for it in Customer.objects.filter(name="Old")] == [lost]


def test_setup_has_stripe_call_each_account_at_its_own_address(shops, member):
    run("billing_setup", "--base-url", "http://testserver")
    told = run("billing_setup", "--base-url", "http://testserver")

    for shop in shops:
        shop.sell(member)
    delivery.deliver_all()

    assert told.count("webhook unchanged") == told.count("nothing was to be done") == 2
    for shop in shops:
        with stripe_for(shop.alias, as_platform=True) as client:
            addresses = [it.url for it in client.v1.webhook_endpoints.list()]
        ids = {id for _family, id in shop.mirrored()}
        assert addresses.count(f"http://testserver/billing/webhooks/{shop.alias}/") == 1
        assert {shop.price, shop.customer, shop.subscription} <= ids
