"""The commands: each can be run twice, and says what it did."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from wagtail_billing_portal.mirror import inbox
from wagtail_billing_portal.mirror.inbox import handled_events
from wagtail_billing_portal.models import (
    Customer,
    EventStatus,
    Invoice,
    PaymentMethod,
    PortalSettings,
    Price,
    StripeEvent,
    Subscription,
)

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.fixture
def customer(stripe_side) -> str:
    customer = stripe_side.a_customer()
    stripe_side.subscribe(customer, stripe_side.a_price())
    return customer


def test_setup_makes_stripe_ready_and_may_be_repeated(stripe_side):
    stripe_side.a_price()

    first = run("billing_setup", "--account", "default", "--base-url", "https://x.test")
    second = run(
        "billing_setup", "--account", "default", "--base-url", "https://x.test"
    )

    (endpoint,) = stripe_side.client.v1.webhook_endpoints.list().data
    assert endpoint.url == "https://x.test/billing/webhooks/default/"
    assert endpoint.enabled_events == handled_events()
    assert "webhook created" in first
    assert "webhook unchanged" in second
    assert Price.objects.get().product.name == "Supporter"
    configurations = stripe_side.client.v1.billing_portal.configurations.list().data
    assert [it.id for it in configurations] == [
        PortalSettings.objects.get().stripe_configuration
    ]


def test_setup_mends_an_endpoint_and_shows_a_new_secret_once(stripe_side, settings):
    account = settings.WAGTAIL_BILLING_PORTAL["ACCOUNTS"]["default"]
    settings.WAGTAIL_BILLING_PORTAL = {
        **settings.WAGTAIL_BILLING_PORTAL,
        "ACCOUNTS": {"default": {**account, "WEBHOOK_SECRETS": []}},
    }
    first = run("billing_setup", "--base-url", "https://x.test")
    (endpoint,) = stripe_side.client.v1.webhook_endpoints.list().data
    stripe_side.client.v1.webhook_endpoints.update(
        endpoint.id, {"enabled_events": ["invoice.paid"], "disabled": True}
    )

    second = run("billing_setup", "--base-url", "https://x.test")

    (endpoint,) = stripe_side.client.v1.webhook_endpoints.list().data
    assert (endpoint.enabled_events, endpoint.status) == (handled_events(), "enabled")
    assert "whsec_" in first
    assert "whsec_" not in second


def test_backfill_copies_everything_and_may_be_repeated(stripe_side, customer):
    told = run("billing_backfill", "--account", "default")
    run("billing_backfill", "--account", "default")

    assert "1 customer" in told
    assert Customer.objects.get().pk == customer
    assert Subscription.objects.get().name == "Supporter"
    assert Invoice.objects.get().status == "paid"
    assert PaymentMethod.objects.get().label == "Visa ending 4242"


def test_backfill_can_be_told_what_and_since_when(stripe_side, customer):
    run("billing_backfill", "--only", "customer", "--since", "2020-01-31")
    run("billing_backfill", "--only", "invoice", "--since", "2100-01-31")

    assert Customer.objects.get().email
    assert not Invoice.objects.exists()
    with pytest.raises(CommandError, match="not a day"):
        run("billing_backfill", "--since", "yesterday")


def test_reconcile_applies_what_never_arrived(stripe_side, customer):
    told = run("billing_reconcile", "--account", "default")

    assert "0 missed" not in told
    assert Invoice.objects.get().status == "paid"
    assert "0 missed" in run("billing_reconcile", "--account", "default")


def test_what_was_given_up_is_tried_again_only_when_asked_for(stripe_side, customer):
    for event in stripe_side.waiting():
        inbox.store(stripe_side.account, event)
    given_up = {"status": EventStatus.FAILED, "attempts": 10}
    StripeEvent.objects.filter(type="customer.created").update(**given_up)

    run("billing_drain")
    left = list(StripeEvent.objects.exclude(status=EventStatus.PROCESSED))
    told = run("billing_drain", "--retry-failed")

    assert [event.type for event in left] == ["customer.created"]
    assert told.startswith("Applied 1, failed 0")
    assert not StripeEvent.objects.exclude(status=EventStatus.PROCESSED).exists()


def test_reconcile_finds_what_was_lost_long_before_the_newest_event(
    stripe_side, customer
):
    stripe_side.deliver_all()
    stripe_side.client.v1.customers.update(customer, {"name": "Ada"})
    (lost,) = stripe_side.waiting()
    stripe_side.lose(lost)
    stripe_side.advance(days=2)
    stripe_side.client.v1.products.create({"name": "Reader"})
    stripe_side.deliver_all()
    yesterday = f"{timezone.now() - timedelta(days=1):%Y-%m-%d}"

    assert "0 missed" in run("billing_reconcile", "--account", "default")
    assert Customer.objects.get().data["name"] is None

    told = run("billing_reconcile", "--account", "default", "--since", yesterday)

    assert "1 missed" in told
    assert Customer.objects.get().data["name"] == "Ada"


def test_reconcile_names_and_mends_a_difference(stripe_side, customer):
    run("billing_reconcile", "--account", "default")
    Subscription.objects.update(as_of=1, data={}, status="past_due")

    out = StringIO()
    with pytest.raises(SystemExit) as ending:
        call_command("billing_reconcile", "--full", "--account", "default", stdout=out)

    assert ending.value.code == 1
    assert "mended subscription" in out.getvalue()
    assert Subscription.objects.get().status == "active"


def test_drain_and_prune_say_what_they_did(stripe_side, customer):
    assert "Applied 0" in run("billing_drain")
    stripe_side.deliver_all()

    assert "Forgot" in run("billing_prune", "--days", "0")
    assert not StripeEvent.objects.exists()


def test_a_refused_key_is_told_in_a_sentence(db, settings):
    settings.WAGTAIL_BILLING_PORTAL = {
        **settings.WAGTAIL_BILLING_PORTAL,
        "ACCOUNTS": {"default": {"SECRET_KEY": "sk_test_somebody_elses"}},
    }

    with pytest.raises(CommandError, match="does not accept the key"):
        run("billing_backfill")


def test_what_nobody_asked_for_was_not_missed(stripe_side, customer):
    stripe_side.deliver_all()
    stripe_side.client.v1.tax_rates.create(
        {"display_name": "VAT", "inclusive": True, "percentage": 20}
    )

    told = run("billing_reconcile", "--full", "--account", "default")

    assert "0 missed" in told
    assert "0 differences" in told


def test_a_card_that_nobody_keeps_is_no_difference(stripe_side, customer):
    stripe_side.deliver_all()
    stripe_side.client.v1.payment_methods.create(
        {"type": "card", "card": {"token": "tok_visa"}}
    )

    told = run("billing_reconcile", "--full", "--account", "default")

    assert "0 differences" in told
    assert PaymentMethod.objects.count() == 1


def test_status_tells_of_each_account_and_ends_well(stripe_side, customer):
    stripe_side.deliver_all()

    assert run("billing_status").splitlines() == [
        "default: 0 waiting for 0 s, 0 failed, 0 to fetch for 0 s, "
        "0 to settle for 0 s.",
        "uk: 0 waiting for 0 s, 0 failed, 0 to fetch for 0 s, 0 to settle for 0 s.",
    ]


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({"status": "failed"}, "0 waiting for 0 s, 1 failed"),
        ({"status": "pending", "minutes": 5}, "1 waiting for 300 s, 0 failed"),
    ],
)
def test_status_raises_the_alarm(stripe_side, found, told):
    since = timezone.now() - timedelta(minutes=found.pop("minutes", 0))
    StripeEvent.objects.create(
        id="evt_1",
        stripe_account="default",
        created=0,
        payload={},
        received_at=since,
        **found,
    )

    out = StringIO()
    with pytest.raises(SystemExit) as ending:
        call_command("billing_status", "--max-age", "60", stdout=out)

    assert ending.value.code == 1
    assert told in out.getvalue()
