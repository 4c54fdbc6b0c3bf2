"""Each command may run twice at the same moment, and beside the others."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from tests.tools.together import together
from wagtail_billing_portal.actions.configuration import push_configuration
from wagtail_billing_portal.gateway import account_by_alias
from wagtail_billing_portal.mirror import inbox
from wagtail_billing_portal.models import (
    BackfillProgress,
    EventStatus,
    PortalSettings,
    StripeEvent,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

SETUP = ["billing_setup", "--base-url", "https://x.test"]
BACKFILL = ["billing_backfill", "--rate", "1000"]
RECONCILE = ["billing_reconcile"]
FULL = ["billing_reconcile", "--full"]


def run(*words: str) -> str:
    out = StringIO()
    try:
        call_command(*words, "--account", "default", stdout=out, stderr=out)
    except SystemExit:
        out.write("differences found")
    return out.getvalue()


def at_once(*commands: list[str]) -> list[str]:
    """Run commands in threads of their own; what each of them told."""
    works = [partial(run, *words) for words in commands]
    told = together(*works)
    assert len(told) == len(commands)
    return told


@pytest.fixture
def patient(settings):
    """Stripe answers 409 while the first of two is at it, and the SDK asks again."""
    portal = settings.WAGTAIL_BILLING_PORTAL
    settings.WAGTAIL_BILLING_PORTAL = {**portal, "MAX_NETWORK_RETRIES": 12}


@pytest.fixture
def a_site(db) -> Site:
    """The default site; tests that commit leave a database without one behind."""
    if site := Site.objects.filter(is_default_site=True).first():
        return site
    Locale.objects.get_or_create(language_code="en")
    root = Page.add_root(instance=Page(title="Root", slug="root"))
    return Site.objects.create(
        hostname="localhost", root_page=root, is_default_site=True
    )


@pytest.fixture
def business(stripe_side, patient) -> None:
    """More customers than a page of Stripe's list has, and a few who subscribed."""
    price = stripe_side.a_price()
    for number in range(3):
        stripe_side.subscribe(stripe_side.a_customer(name=f"Payer {number}"), price)
    for number in range(100):
        stripe_side.client.v1.customers.create({"name": f"Customer {number}"})


def assert_the_mirror_is_right() -> None:
    told = run(*FULL)
    assert "0 missed" in told
    assert "0 differences" in told
    assert not BackfillProgress.objects.exists()
    assert not StripeEvent.objects.exclude(status=EventStatus.PROCESSED).exists()


def assert_it_is_set_up_once(stripe_side) -> None:
    v1 = stripe_side.client.v1
    [endpoint] = v1.webhook_endpoints.list().data
    [configuration] = v1.billing_portal.configurations.list().data
    assert endpoint.url == "https://x.test/billing/webhooks/default/"
    assert PortalSettings.objects.get().stripe_configuration == configuration.id


@pytest.mark.parametrize("command", [BACKFILL, RECONCILE, FULL], ids=" ".join)
def test_two_walks_at_once_bring_what_one_brings(business, command):
    at_once(command, command)

    if command == BACKFILL:
        run(*RECONCILE)
    assert_the_mirror_is_right()


def test_two_drains_at_once_apply_each_event_once(stripe_side, business):
    events = stripe_side.waiting()
    for event in events:
        inbox.store(account_by_alias("default"), event)

    drained = together(inbox.drain, inbox.drain)

    assert sum(it.processed for it in drained) == len(events)
    assert sum(it.failed for it in drained) == 0
    assert_the_mirror_is_right()


def test_pruning_beside_a_drain_forgets_nothing_that_waits(stripe_side, business):
    events = stripe_side.waiting()
    account = account_by_alias("default")
    for event in events:
        inbox.store(account, event)
    # All are old enough to be forgotten, as soon as they are applied.
    StripeEvent.objects.update(received_at=timezone.now() - timedelta(days=400))

    def prune() -> str:
        out = StringIO()
        call_command("billing_prune", stdout=out)
        return out.getvalue()

    told = together(inbox.drain, prune, inbox.drain, prune)

    assert len(told) == 4
    drained = [it for it in told if isinstance(it, inbox.Drained)]
    assert sum(it.processed for it in drained) == len(events)
    prune()
    assert not StripeEvent.objects.exists()
    assert run(*FULL).endswith("0 differences.\n")


def test_two_setups_at_once_register_one_endpoint(stripe_side, patient, a_site):
    stripe_side.a_price()

    told = at_once(SETUP, SETUP)

    assert all("key accepted" in it for it in told)
    assert_it_is_set_up_once(stripe_side)
    assert "nothing was to be done" in run(*SETUP)


def test_several_pushes_at_once_make_one_portal(stripe_side, patient, a_site):
    settings = PortalSettings.objects.create(site=a_site)

    def push() -> str:
        return push_configuration(PortalSettings.objects.get(pk=settings.pk))

    pushed = together(*[push] * 4)

    made = stripe_side.client.v1.billing_portal.configurations.list().data
    assert pushed == [it.id for it in made] * 4


def test_all_of_them_at_once_disturb_nobody(stripe_side, business, a_site):
    for event in stripe_side.waiting()[::2]:
        inbox.store(account_by_alias("default"), event)

    at_once(SETUP, BACKFILL, BACKFILL, FULL)

    assert_it_is_set_up_once(stripe_side)
    run(*RECONCILE)
    assert_the_mirror_is_right()
