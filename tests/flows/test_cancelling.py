"""Ending at once: what is shown, what is given back, and that it is given once."""

from __future__ import annotations

import pytest

from tests.tools.shop import soup, the_settings, url, words
from wagtail_billing_portal.gateway import new_key
from wagtail_billing_portal.models import CustomerAccess, Role
from wagtail_billing_portal.sandbox import faults


@pytest.fixture
def at_half_time(stripe_side, subscription):
    """Fifteen days of a month are used, at a moment that stands still."""
    stripe_side.advance(days=15)
    stripe_side.stop_clock()
    stripe_side.deliver_all()
    return subscription


@pytest.fixture
def with_refunds():
    the_settings(cancel_mode="immediately", cancel_settlement="refund")


def form_of(page, **also: str) -> dict[str, str]:
    [form] = soup(page).select("form:has([name=figures])")
    fields = {it["name"]: it.get("value", "") for it in form.select("[type=hidden]")}
    return {**fields, **also}


def notes_of(stripe_side, customer: str) -> list:
    return stripe_side.client.v1.credit_notes.list({"customer": customer}).data


def status_of(stripe_side, subscription) -> str:
    return stripe_side.client.v1.subscriptions.retrieve(subscription.pk).status


def end(ada, subscription, form=None, **also: str):
    there = url("cancel_confirm", subscription.pk)
    form = form_of(ada.get(there)) if form is None else form
    return ada.post(there, {**form, **also}, follow=True)


def test_what_is_not_used_is_paid_back_to_the_cent(
    ada, at_half_time, with_refunds, stripe_side, customer
):
    page = ada.get(url("cancel_confirm", at_half_time.pk))

    end(ada, at_half_time, form_of(page))

    [note] = notes_of(stripe_side, customer)
    assert status_of(stripe_side, at_half_time) == "canceled"
    assert 500 < note.amount < 700
    assert f"€{note.amount / 100:.2f} is paid back to you" in words(page)
    [refund] = stripe_side.client.v1.refunds.list({}).data
    assert refund.amount == note.amount


def test_a_credit_goes_to_the_balance(ada, at_half_time, stripe_side, customer):
    the_settings(cancel_mode="immediately", cancel_settlement="credit")

    end(ada, at_half_time)

    [note] = notes_of(stripe_side, customer)
    assert stripe_side.client.v1.customers.retrieve(customer).balance == -note.amount
    assert not stripe_side.client.v1.refunds.list({}).data


def test_where_nothing_is_given_back_the_page_says_so(
    ada, at_half_time, stripe_side, customer
):
    the_settings(cancel_mode="immediately")
    page = ada.get(url("cancel_confirm", at_half_time.pk))

    end(ada, at_half_time, form_of(page))

    assert "Nothing is given back" in words(page)
    assert status_of(stripe_side, at_half_time) == "canceled"
    assert not notes_of(stripe_side, customer)


def test_what_a_pause_gave_back_stays_the_members(
    ada, at_half_time, stripe_side, customer
):
    the_settings(offer_pause=True, pause_without_end=True)
    page = ada.get(url("pause", at_half_time.pk))
    ada.post(url("pause", at_half_time.pk), form_of(page, length="open"))
    page = ada.get(url("cancel_confirm", at_half_time.pk))

    end(ada, at_half_time, form_of(page))

    balance = stripe_side.client.v1.customers.retrieve(customer).balance
    assert 500 < -balance < 700
    assert f"€{-balance / 100:.2f} that was given back to you before" in words(page)
    assert "Nothing is given back" not in words(page)


@pytest.mark.parametrize(("when", "status"), [("end", "active"), ("now", "canceled")])
def test_where_both_are_allowed_the_member_chooses(
    ada, subscription, stripe_side, when, status
):
    the_settings(cancel_mode="either")

    end(ada, subscription, when=when)

    assert status_of(stripe_side, subscription) == status


def test_the_timeline_tells_of_the_end_once(ada, subscription):
    the_settings(cancel_mode="either")

    page = words(end(ada, subscription, when="now"))

    happened = page.split("What happened")[1]
    assert happened.count("nded") == 1


def test_where_only_the_end_is_allowed_no_form_ends_it_at_once(
    ada, subscription, stripe_side
):
    end(ada, subscription, when="now")

    assert status_of(stripe_side, subscription) == "active"


def test_a_form_that_is_sent_twice_pays_once(
    ada, at_half_time, with_refunds, stripe_side, customer
):
    form = form_of(ada.get(url("cancel_confirm", at_half_time.pk)))

    end(ada, at_half_time, form)
    end(ada, at_half_time, form)

    assert len(notes_of(stripe_side, customer)) == 1


def test_figures_that_no_longer_hold_are_shown_anew_and_nothing_is_done(
    ada, at_half_time, with_refunds, stripe_side, customer
):
    form = form_of(ada.get(url("cancel_confirm", at_half_time.pk)))
    [invoice] = stripe_side.client.v1.invoices.list({"customer": customer}).data
    stripe_side.client.v1.credit_notes.create(
        {"invoice": invoice.id, "amount": 1000, "refund_amount": 1000}
    )

    page = end(ada, at_half_time, form)

    assert page.status_code == 409
    assert "€2.00 is paid back to you" in words(page)
    assert status_of(stripe_side, at_half_time) == "active"


def test_never_more_is_paid_back_than_was_paid(
    ada, at_half_time, with_refunds, stripe_side, customer
):
    [paid] = stripe_side.client.v1.payment_intents.list({"customer": customer}).data
    stripe_side.client.v1.refunds.create({"payment_intent": paid.id, "amount": 1100})
    stripe_side.deliver_all()

    end(ada, at_half_time)

    [note] = notes_of(stripe_side, customer)
    assert note.amount == 100


@pytest.mark.parametrize("kind", faults.LOSSES)
@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/v1/subscriptions/*"), ("POST", "/v1/credit_notes")],
)
def test_after_a_failure_the_same_form_gives_back_what_is_missing(
    ada, at_half_time, with_refunds, stripe_side, customer, kind, method, path
):
    form = form_of(ada.get(url("cancel_confirm", at_half_time.pk)))
    faults.inject(kind, method=method, path=path)
    end(ada, at_half_time, form)
    assert not faults.current().failures

    end(ada, at_half_time, form)

    assert status_of(stripe_side, at_half_time) == "canceled"
    assert len(notes_of(stripe_side, customer)) == 1
    assert len(stripe_side.client.v1.refunds.list({}).data) == 1


def test_a_trial_gives_nothing_back(ada, customer, shop, stripe_side, with_refunds):
    id = stripe_side.subscribe(customer, shop.supporter, trial_period_days=14)
    stripe_side.deliver_all()

    page = ada.get(url("cancel_confirm", id))

    assert "Nothing is given back" in words(page)


def test_a_viewer_ends_nothing(ada, at_half_time, with_refunds, stripe_side):
    form = form_of(ada.get(url("cancel_confirm", at_half_time.pk)))
    CustomerAccess.objects.update(role=Role.VIEWER)

    end(ada, at_half_time, form, key=new_key())

    assert status_of(stripe_side, at_half_time) == "active"


def test_what_was_used_is_billed_with_the_end(
    ada, customer, shop, stripe_side, with_refunds
):
    v1 = stripe_side.client.v1
    meter = v1.billing.meters.create(
        {
            "display_name": "Loaves",
            "event_name": "loaf",
            "default_aggregation": {"formula": "sum"},
        }
    )
    price = stripe_side.a_price(
        50,
        product="Loaves",
        recurring={"interval": "month", "usage_type": "metered", "meter": meter.id},
    )
    id = stripe_side.subscribe(customer, price)
    stripe_side.advance(days=1)
    v1.billing.meter_events.create(
        {
            "event_name": "loaf",
            "payload": {"stripe_customer_id": customer, "value": "6"},
        }
    )
    stripe_side.advance(days=1)
    stripe_side.deliver_all()
    there = url("cancel_confirm", id)
    page = ada.get(there)

    ada.post(there, form_of(page))

    assert "€3.00 is charged for what you have used" in words(page)
    invoices = v1.invoices.list({"subscription": id}).data
    assert invoices[0].amount_paid == 300
