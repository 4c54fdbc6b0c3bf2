"""D7 to D11, D20 and D25: what there is to switch to, and to begin."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tests.tools.changing import confirm, form_of, price_at_stripe, url
from tests.tools.groups import group
from tests.tools.shop import a_form, buttons, soup, the_settings, words
from wagtail_billing_portal.adapter import DefaultBillingAdapter
from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.models import GroupedPrice, Price, Subscription
from wagtail_billing_portal.policies.offers import offer_of


class OneWay(DefaultBillingAdapter):
    """Who supports the bakery goes on supporting it."""

    def why_not_switch(self, user: Any, subscription: Any, price: Any) -> str | None:
        name = price.product.name if price.product else ""
        return "Readers are our youngest members." if name == "Reader" else None


def sold(stripe_side: Any, **params: Any) -> str:
    """Another price, mirrored."""
    id = stripe_side.client.v1.prices.create(
        {"currency": "eur", "recurring": {"interval": "month"}, **params}
    ).id
    list(backfill("default", only=["product", "price"]))
    return id


def product_of(price: str) -> str:
    return str(Price.objects.get(pk=price).product_id)


def test_d7_a_plan_with_tax_on_top_is_no_change_for_one_with_tax_in_it(
    ada, stripe_side, shop, half_way
):
    untaxed = sold(
        stripe_side,
        product_data={"name": "Benefactor"},
        unit_amount=1800,
        tax_behavior="exclusive",
    )
    group(shop.supporter, shop.reader, untaxed)

    page = ada.get(url("change", half_way.pk))
    tried = ada.get(url("change_confirm", half_way.pk, price=untaxed), follow=True)

    why = "Tax is counted differently in this plan. Please contact us to switch."
    assert why in words(page)
    assert "Switch to Benefactor · monthly" not in buttons(page)
    assert why in words(tried)


def test_d7_a_price_that_leaves_the_tax_open_gets_into_no_group(stripe_side, shop):
    made = group(shop.supporter)
    unclear = sold(stripe_side, product_data={"name": "Benefactor"}, unit_amount=1800)

    with pytest.raises(ValidationError, match="Say so at Stripe first"):
        GroupedPrice(group=made, price_id=unclear).full_clean()


def test_d8_two_prices_of_one_product_and_interval_can_be_chosen_between(
    ada, stripe_side, shop, half_way
):
    solidary = sold(
        stripe_side,
        product=product_of(shop.supporter),
        unit_amount=2000,
        tax_behavior="inclusive",
    )
    group(shop.supporter, solidary)
    [link] = soup(ada.get(url("change", half_way.pk))).select("a.billing-button")

    confirm(ada, link["href"])

    assert price_at_stripe(stripe_side, half_way) == solidary


@pytest.mark.parametrize(
    ("setting", "said", "status"),
    [
        ("end_trial", "Your free trial ends with this.", "active"),
        ("continue_trial", "Your free trial goes on until its end.", "trialing"),
    ],
)
def test_d9_a_change_during_a_trial_says_what_becomes_of_it(
    ada, stripe_side, shop, customer, plans, setting, said, status
):
    the_settings(trial_change=setting)
    trial = stripe_side.subscribe(customer, shop.reader, trial_period_days=14)
    stripe_side.deliver_all()
    page = url("change_confirm", trial, price=shop.supporter)

    shown = words(ada.get(page))
    confirm(ada, page)

    assert said in shown
    at = stripe_side.client.v1.subscriptions.retrieve(trial)
    assert (at.status, at["items"].data[0].price.id) == (status, shop.supporter)


def test_d10_a_member_chooses_among_any_number_of_plans(
    ada, stripe_side, shop, half_way
):
    others = [stripe_side.a_price(n * 100, product=f"Plan {n}") for n in range(13, 27)]
    list(backfill("default", only=["product", "price"]))
    group(shop.supporter, *others)

    links = soup(ada.get(url("change", half_way.pk))).select("a.billing-button")
    confirm(ada, links[-1]["href"])

    assert len(links) == 14
    assert price_at_stripe(stripe_side, half_way) == others[-1]


def test_d11_a_member_begins_another_subscription_on_the_sites_pages(
    ada, stripe_side, shop, subscription, plans
):
    group(shop.team, minimum=1, maximum=20)

    checkout = ada.post(url("subscribe"), a_form(offer=offer_of(shop.team)))
    stripe_side.pay(checkout["Location"])
    stripe_side.deliver_all()

    page = words(ada.get(url("overview")))
    assert "Supporter · monthly" in page
    assert "Bakery team · monthly" in page
    assert Subscription.objects.granting_access().count() == 2


def test_d25_a_plan_in_another_currency_is_no_choice(ada, stripe_side, shop, half_way):
    dollars = stripe_side.a_price(900, product="Benefactor", currency="usd")
    list(backfill("default", only=["product", "price"]))
    group(shop.supporter, shop.reader, dollars)

    page = ada.get(url("change", half_way.pk))
    tried = ada.get(url("change_confirm", half_way.pk, price=dollars), follow=True)

    assert "Benefactor" not in words(page)
    assert "This plan is paid in another currency" in words(tried)
    assert not form_of(tried).get("figures")


@pytest.fixture
def with_a_rule(settings):
    settings.WAGTAIL_BILLING_PORTAL = {
        **settings.WAGTAIL_BILLING_PORTAL,
        "ADAPTER": f"{OneWay.__module__}.{OneWay.__name__}",
    }


def test_d20_the_site_says_who_may_switch_to_what_and_members_read_why(
    ada, stripe_side, shop, plans, half_way, with_a_rule
):
    page = ada.get(url("change", half_way.pk))
    tried = ada.get(url("change_confirm", half_way.pk, price=shop.reader), follow=True)

    assert "Readers are our youngest members." in words(page)
    assert "Switch to Supporter · yearly" in buttons(page)
    assert "Switch to Reader · monthly" not in buttons(page)
    assert "Readers are our youngest members." in words(tried)
    assert not form_of(tried).get("figures")
