"""D2: what is charged by use can be cancelled only, on Stripe's own pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tools.changing import confirm, form_of, price_at_stripe, url
from tests.tools.groups import group
from tests.tools.shop import soup, the_settings, words
from wagtail_billing_portal.gateway import new_key
from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.models import Subscription


@pytest.fixture
def rates(stripe_side, shop) -> tuple[str, str]:
    """The same loaves, at 50 cents each and at 40."""
    meter = stripe_side.client.v1.billing.meters.create(
        {
            "display_name": "Loaves",
            "event_name": "loaf",
            "default_aggregation": {"formula": "sum"},
        }
    )
    by_use = {"interval": "month", "usage_type": "metered", "meter": meter.id}
    dear = stripe_side.a_price(50, product="Loaves", recurring=by_use)
    cheap = stripe_side.a_price(40, product="Loaves for friends", recurring=by_use)
    list(backfill("default", only=["product", "price"]))
    return dear, cheap


@pytest.fixture
def loaves(stripe_side, customer, rates) -> Subscription:
    """Six loaves of the month are eaten, and not paid for."""
    stripe_side.stop_clock()
    id = stripe_side.subscribe(customer, rates[0])
    stripe_side.advance(days=1)
    stripe_side.client.v1.billing.meter_events.create(
        {
            "event_name": "loaf",
            "payload": {"stripe_customer_id": customer, "value": "6"},
        }
    )
    stripe_side.advance(days=1)
    stripe_side.deliver_all()
    return Subscription.objects.get(pk=id)


def newest_invoice(stripe_side: Any, subscription: Subscription) -> Any:
    listed = stripe_side.client.v1.invoices.list({"subscription": subscription.pk})
    return listed.data[0]


def test_d2_the_price_of_what_is_used_can_be_switched(ada, stripe_side, rates, loaves):
    group(*rates)
    chosen = ada.get(url("change", loaves.pk))
    [link] = soup(chosen).select("a.billing-button")

    answer = confirm(ada, link["href"])

    page = words(ada.get(answer["Location"]))
    assert "You are on Loaves for friends · monthly now." in page
    assert price_at_stripe(stripe_side, loaves) == rates[1]


def test_d2_the_last_use_is_billed_when_it_ends_at_once(ada, stripe_side, loaves):
    the_settings(cancel_mode="immediately")
    there = url("cancel_confirm", loaves.pk)
    shown = ada.get(there)

    ada.post(there, form_of(shown))

    assert "€3.00 is charged for what you have used" in words(shown)
    paid = newest_invoice(stripe_side, loaves)
    assert (paid.status, paid.amount_paid) == ("paid", 300)


def test_d2_the_last_use_is_billed_when_it_ends_with_the_period(
    ada, stripe_side, loaves
):
    ada.post(url("cancel_confirm", loaves.pk), {"key": new_key()})

    stripe_side.advance(days=31)

    paid = newest_invoice(stripe_side, loaves)
    assert (paid.status, paid.amount_paid) == ("paid", 300)


def test_d2_use_is_not_switched_to_units_and_the_page_says_why(
    ada, stripe_side, shop, rates, loaves
):
    group(rates[0], shop.supporter)

    page = ada.get(url("subscription", loaves.pk))
    tried = ada.get(url("change_confirm", loaves.pk, price=shop.supporter), follow=True)

    why = "This plan is charged in another way. Please contact us to switch."
    assert why in words(page)
    assert why in words(tried)
    assert not form_of(tried).get("figures")
