"""What Stripe's page is told of a plan group, and what it is not told."""

from __future__ import annotations

import pytest

from tests.tools.groups import group
from tests.tools.shop import sold, sold_too, the_settings
from wagtail_billing_portal.adapter import DefaultBillingAdapter
from wagtail_billing_portal.models import (
    GroupedPrice,
    PauseLength,
    Price,
    RetentionOffer,
)
from wagtail_billing_portal.policies.hosted_plans import hosted_plans
from wagtail_billing_portal.policies.hosted_rules import differences_of

pytestmark = pytest.mark.django_db


class Choosy(DefaultBillingAdapter):
    """Lets nobody switch."""

    def why_not_switch(self, user, subscription, price):
        return "Not you."


def codes() -> set[str]:
    return {it.code for it in differences_of(the_settings())}


def test_plans_are_listed_by_product_in_the_editors_order(shop):
    made = group(shop.supporter, shop.reader, shop.supporter_yearly)

    products = hosted_plans(made).products

    assert [it["prices"] for it in products] == [
        [shop.supporter, shop.supporter_yearly],
        [shop.reader],
    ]
    assert not hosted_plans(made).has_quantities


def test_quantities_keep_the_bounds_of_every_plan(shop):
    made = group(shop.supporter, maximum=9)
    GroupedPrice.objects.create(
        group=made, price_id=shop.supporter_yearly, minimum=2, maximum=5
    )

    plans = hosted_plans(made)

    assert plans.products[0]["adjustable_quantity"] == {
        "enabled": True,
        "minimum": 2,
        "maximum": 5,
    }
    assert [it.code for it in plans.differences] == ["several_bounds"]


def test_what_is_counted_in_one_plan_alone_is_not_counted_there(shop):
    made = group(shop.supporter, maximum=9)
    GroupedPrice.objects.create(group=made, price_id=shop.supporter_yearly)

    assert hosted_plans(made).products[0]["adjustable_quantity"] == {"enabled": False}


def test_what_is_sold_no_more_is_left_out_without_a_word(shop):
    made = group(shop.supporter, shop.reader)
    Price.objects.filter(pk=shop.reader).update(active=False)

    plans = hosted_plans(made)

    assert [it["prices"] for it in plans.products] == [[shop.supporter]]
    assert plans.differences == []


def test_metered_use_can_be_switched_to_nowhere_else(shop, stripe_side):
    meter = stripe_side.client.v1.billing.meters.create(
        {
            "display_name": "Loaves",
            "event_name": "loaves",
            "default_aggregation": {"formula": "sum"},
        }
    )
    recurring = {"interval": "month", "usage_type": "metered", "meter": meter.id}
    [used] = sold(stripe_side, 20, recurring=recurring)

    plans = hosted_plans(group(shop.supporter, used.pk))

    assert [it.code for it in plans.differences] == ["metered"]
    assert str(used) in plans.differences[0].sentence


def test_a_plain_site_differs_in_what_waits_alone(shop):
    group(shop.supporter, shop.supporter_yearly)

    assert codes() == {"waits_within_a_product"}


def test_extras_stay_on_the_sites_own_pages(shop):
    group(shop.reader, are_extras=True)

    assert "extras" in codes()


def test_a_site_without_stripes_page_differs_in_nothing(shop):
    group(shop.reader, are_extras=True)
    the_settings(offer_hosted_portal=False)

    assert codes() == set()


def test_what_is_not_offered_differs_in_nothing(shop):
    group(shop.reader, are_extras=True)
    the_settings(
        offer_change_plan=False, offer_change_quantity=False, offer_cancel=False
    )

    assert codes() == set()


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"wait_if_fewer": False}, "waits_alike"),
        ({"offer_pause": True}, "flexible_only"),
        ({"offer_pause": True, "pauses_a_year": 2}, "pauses_counted"),
        ({"cancel_mode": "either"}, "one_cancel_mode"),
        (
            {"cancel_mode": "immediately", "cancel_settlement": "refund"},
            "no_refund",
        ),
    ],
)
def test_settings_that_stripes_page_cannot_follow_are_named(shop, settings, code):
    group(shop.supporter, shop.supporter_yearly)
    the_settings(**settings)

    assert code in codes()


def test_a_choice_of_lengths_hides_the_pause_without_an_end(shop):
    saved = the_settings(offer_pause=True, pause_without_end=True)
    alone = codes()
    PauseLength.objects.create(settings=saved, interval="month", interval_count=2)

    assert "lengths_only" not in alone
    assert "lengths_only" in codes()


def test_offers_that_are_no_discount_are_named(shop):
    RetentionOffer.objects.create(settings=the_settings(), kind="pause")

    assert "coupons_only" in codes()


def test_two_prices_with_one_rhythm_are_one_too_many(stripe_side):
    [price] = sold(stripe_side, 1200)
    other = sold_too(stripe_side, price, 900, "month")
    Price.objects.filter(pk=other.pk).update(
        data={**other.data, "tax_behavior": "inclusive"}
    )

    plans = hosted_plans(group(price.pk, other.pk))

    assert plans.products[0]["prices"] == [price.pk]
    assert [it.code for it in plans.differences] == ["one_price_an_interval"]


def test_a_rule_of_the_sites_own_keeps_all_changes_there(shop, settings):
    group(shop.supporter, shop.supporter_yearly)
    settings.WAGTAIL_BILLING_PORTAL = {
        **settings.WAGTAIL_BILLING_PORTAL,
        "ADAPTER": f"{__name__}.Choosy",
    }

    assert codes() == {"own_rule"}
