"""Subscribe, see it, change your mind, get the invoice."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from wagtail_billing_portal.gateway import new_key
from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.models import CustomerAccess, Subscription
from wagtail_billing_portal.policies.offers import offer_of
from wagtail_billing_portal.sandbox.billing.outcomes import Completed, Declined
from wagtail_billing_portal.sandbox.errors import SandboxError
from wagtail_billing_portal.testing import ASKS_THE_BANK


def url(name: str, *args: str) -> str:
    return reverse(f"wagtail_billing_portal:{name}", args=args)


@pytest.fixture
def price(shop) -> str:
    return shop.supporter


@pytest.fixture
def ada(client, member):
    client.force_login(member)
    return client


def choose(ada, price, **fields):
    return ada.post(
        url("subscribe"), {"offer": offer_of(price), "key": new_key(), **fields}
    )


def come_back(ada, outcome: Completed):
    parts = urlsplit(outcome.redirect_url)
    return ada.get(f"{parts.path}?{parts.query}", follow=True)


def test_paying_opens_access_before_any_webhook(ada, stripe_side, price):
    checkout = choose(ada, price)

    page = come_back(ada, stripe_side.pay(checkout["Location"]))

    assert checkout.status_code == 303
    assert b"You are now subscribed to Supporter." in page.content
    assert b"Active" in page.content
    assert Subscription.objects.get().invoices.get().status == "paid"


def test_the_late_webhooks_change_nothing(ada, stripe_side, price):
    come_back(ada, stripe_side.pay(choose(ada, price)["Location"]))
    before = Subscription.objects.get().data

    stripe_side.deliver_shuffled(twice=True)

    assert Subscription.objects.get().data == before


def test_a_declined_card_leaves_no_subscription(ada, stripe_side, price):
    checkout = choose(ada, price)

    outcome = stripe_side.decline(checkout["Location"])
    stripe_side.deliver_all()

    assert isinstance(outcome, Declined)
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("succeed", [True, False])
def test_the_bank_is_asked_first(ada, stripe_side, price, succeed):
    asked = stripe_side.pay(choose(ada, price)["Location"], card=ASKS_THE_BANK)

    outcome = stripe_side.answer_the_bank(asked, succeed=succeed)
    stripe_side.deliver_all()

    assert isinstance(outcome, Completed if succeed else Declined)
    assert Subscription.objects.exists() is succeed


def test_nobody_subscribes_twice_although_the_webhook_is_late(ada, stripe_side, price):
    stripe_side.pay(choose(ada, price)["Location"])

    again = choose(ada, price)

    assert urlsplit(again["Location"]).path == url("overview")
    page = ada.get(again["Location"])
    assert b"You already have a subscription." in page.content


def test_nobody_pays_in_two_tabs(ada, stripe_side, price):
    first, second = choose(ada, price), choose(ada, price)
    stripe_side.pay(second["Location"])

    with pytest.raises(SandboxError, match="no longer open"):
        stripe_side.pay(first["Location"])


def test_a_double_click_leads_to_one_checkout(ada, price, stripe_side):
    form = {"offer": offer_of(price), "key": new_key()}

    first = ada.post(url("subscribe"), form)
    second = ada.post(url("subscribe"), form)

    assert first["Location"] == second["Location"]
    assert CustomerAccess.objects.count() == 1


def test_a_price_that_no_page_offered_cannot_be_bought(ada, price, stripe_side):
    secret = stripe_side.a_price(1, product="For staff")
    list(backfill("default", only=["product", "price"]))

    response = ada.post(url("subscribe"), {"offer": secret, "key": new_key()})

    assert urlsplit(response["Location"]).path == url("overview")
    assert not stripe_side.client.v1.checkout.sessions.list().data


def test_cancelling_says_until_when_and_can_be_undone(ada, stripe_side, subscription):
    ada.post(
        url("cancel", subscription.pk),
        {"reason": "too_expensive", "comment": "Flour is dear"},
    )
    confirm = ada.get(url("cancel_confirm", subscription.pk))
    done = ada.post(
        url("cancel_confirm", subscription.pk), {"key": new_key()}, follow=True
    )

    assert b"You keep access until" in confirm.content
    assert b"is cancelled. You keep access until" in done.content
    at_stripe = stripe_side.client.v1.subscriptions.retrieve(subscription.pk)
    assert at_stripe.cancel_at_period_end
    assert at_stripe.cancellation_details.feedback == "too_expensive"
    assert at_stripe.cancellation_details.comment == "Flour is dear"

    ada.post(url("undo_cancel", subscription.pk), {"key": new_key()})

    subscription.refresh_from_db()
    assert not subscription.is_ending
    assert not stripe_side.client.v1.subscriptions.retrieve(
        subscription.pk
    ).cancel_at_period_end


def test_the_end_comes_when_it_was_said(ada, stripe_side, subscription):
    ada.post(url("cancel_confirm", subscription.pk), {"key": new_key()})

    stripe_side.advance(days=32)
    stripe_side.deliver_shuffled()

    subscription.refresh_from_db()
    assert subscription.has_ended
    assert subscription.status == "canceled"


def test_the_pdf_is_one_redirect_away(ada, subscription):
    invoice = subscription.invoices.get()

    response = ada.get(url("invoice_pdf", invoice.pk))

    assert response.status_code == 302
    assert urlsplit(response["Location"]).path.endswith("/pdf/")
    assert "no-store" in response["Cache-Control"]


def test_the_hosted_portal_is_opened_on_click_only(ada, subscription, stripe_side):
    assert ada.get(url("hosted_portal")).status_code == 405

    response = ada.post(url("hosted_portal"), {"key": new_key()})

    assert response.status_code == 303
    assert "/portal/" in response["Location"]


def test_a_failed_payment_is_one_redirect_from_being_paid(
    ada, stripe_side, subscription
):
    stripe_side.stop_paying(subscription.customer_id)
    stripe_side.advance(days=32)
    stripe_side.deliver_all()
    owed = subscription.invoices.get(status="open")

    overview = ada.get(url("overview")).content.decode()
    response = ada.get(url("invoice_pay", owed.pk))

    assert url("invoice_pay", owed.pk) in overview
    assert owed.data["hosted_invoice_url"] not in overview
    assert response["Location"] == owed.data["hosted_invoice_url"]
