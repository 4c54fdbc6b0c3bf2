"""Every kind that a portal shows is mirrored, however its events come."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.convergence.oracle import differences
from tests.convergence.stories import Story
from wagtail_billing_portal.mirror import refresh
from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.mirror.families import FAMILIES
from wagtail_billing_portal.mirror.ingest import ingest
from wagtail_billing_portal.mirror.reconcile import compare_all, settle
from wagtail_billing_portal.models import (
    ActiveEntitlement,
    Coupon,
    CreditNote,
    Discount,
    InvoicePayment,
    Price,
    PromotionCode,
    Refund,
    SubscriptionSchedule,
    TaxID,
)
from wagtail_billing_portal.sandbox import chaos
from wagtail_billing_portal.testing import StripeSide

pytestmark = pytest.mark.django_db

LIVED = {
    "discount": Story.give_a_discount,
    "promotion_code": Story.give_a_discount,
    "coupon": Story.give_a_discount,
    "subscription_schedule": Story.plan_a_change,
    "credit_note": Story.give_money_back,
    "refund": Story.give_money_back,
    "invoice_payment": Story.subscribe,
    "tax_id": Story.give_a_tax_id,
    "entitlements.feature": Story.open_a_feature,
    "entitlements.active_entitlement_summary": Story.open_a_feature,
}


@pytest.fixture
def story(stripe_side, member) -> Story:
    story = Story(stripe_side, member)
    story.subscribe(1)
    return story


@pytest.mark.parametrize("family", LIVED)
@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize("seed", [1])
def test_it_is_mirrored_in_any_order(stripe_side, story, family, twice, seed):
    LIVED[family](story, 1)

    stripe_side.deliver_shuffled(seed=seed, twice=twice)
    settle()

    assert FAMILIES[family].model._default_manager.existing().exists()
    assert differences(stripe_side) == []


@pytest.mark.parametrize("family", LIVED)
def test_it_comes_by_a_backfill(stripe_side, story, family):
    LIVED[family](story, 1)

    list(backfill("default", rate=1_000))
    settle()

    assert FAMILIES[family].model._default_manager.existing().exists()
    assert differences(stripe_side) == []


@pytest.mark.parametrize("act", dict.fromkeys(LIVED.values()))
def test_a_second_act_is_found_by_comparing(
    stripe_side: StripeSide, story: Story, act: Callable[[Story, int], None]
) -> None:
    act(story, 1)
    stripe_side.deliver_all()
    settle()
    for n in (3, 5):
        act(story, n)

    list(compare_all("default"))
    settle()

    assert differences(stripe_side) == []
    assert not list(compare_all("default"))


def test_a_discount_leads_to_its_code_and_coupon(stripe_side, story):
    story.give_a_discount(1)
    stripe_side.deliver_all()
    settle()

    discount = Discount.objects.get()
    assert discount.subscription.discounts.get() == discount
    assert discount.coupon == Coupon.objects.get()
    assert discount.promotion_code == PromotionCode.objects.redeemable().get()
    assert discount.promotion_code.is_redeemable


def test_a_discount_ends(stripe_side, story):
    story.give_a_discount(1)
    story.give_a_discount(3)
    stripe_side.deliver_shuffled(seed=1)
    settle()

    assert not Discount.objects.existing().exists()


def test_a_discount_told_in_an_older_version_is_fetched_from_its_owner(
    stripe_side, story
):
    stripe_side.deliver_all()
    story.give_a_discount(1)

    for event in stripe_side.events("customer.discount.created"):
        stripe_side.lose(event)
        assert stripe_side.post(chaos.older(json.dumps(event), "2024-06-20")) == 200
    stripe_side.deliver_all()
    settle()

    assert Discount.objects.existing().get().subscription_id
    assert not refresh.is_due()
    assert differences(stripe_side) == []


def test_a_refund_is_found_from_its_invoice(stripe_side, story):
    story.give_money_back(1)
    stripe_side.deliver_all()
    settle()

    note = CreditNote.objects.get()
    paid = InvoicePayment.objects.get(invoice=note.invoice)
    assert Refund.objects.get().payment_intent == paid.payment_intent


def test_a_tax_id_that_was_taken_away_is_gone(stripe_side, story):
    for n in (1, 3, 5):
        story.give_a_tax_id(n)
    stripe_side.deliver_shuffled(seed=4)
    settle()

    assert TaxID.objects.existing().count() == 1
    assert TaxID.objects.exclude(deleted_at=None).count() == 1


def test_a_released_schedule_has_nothing_ahead(stripe_side, story):
    story.plan_a_change(1)
    stripe_side.deliver_all()
    assert SubscriptionSchedule.objects.ahead().get().is_ahead

    story.plan_a_change(1)
    stripe_side.deliver_all()
    assert not SubscriptionSchedule.objects.ahead()


def test_more_entitlements_than_an_event_holds_are_all_known(stripe_side, story):
    for _feature in range(12):
        story.open_a_feature(1)
    stripe_side.deliver_all()
    settle()

    assert ActiveEntitlement.objects.count() == 12


def test_what_stripe_serves_only_when_asked_is_asked_for(stripe_side):
    v1 = stripe_side.client.v1
    options = {"usd": {"unit_amount": 900}}
    price = stripe_side.a_price(800, currency_options=options)
    product = str(v1.prices.retrieve(price).product)
    v1.coupons.create(
        {
            "percent_off": 10,
            "duration": "once",
            "applies_to": {"products": [product]},
        }
    )
    stripe_side.deliver_all()
    settle()

    assert Price.objects.get().currency_options["usd"]["unit_amount"] == 900
    assert Coupon.objects.get().products == [product]


@pytest.mark.parametrize("backwards", [False, True])
def test_a_change_that_its_event_does_not_show_is_fetched(stripe_side, backwards):
    stripe_side.stop_clock()
    price = stripe_side.a_price(800, currency_options={"usd": {"unit_amount": 900}})
    stripe_side.deliver_all()
    settle()
    for amount in (950, 990):
        options = {"usd": {"unit_amount": amount}}
        changed = {"currency_options": options, "nickname": f"{amount}"}
        stripe_side.client.v1.prices.update(price, changed)

    for event in stripe_side.waiting()[:: -1 if backwards else 1]:
        stripe_side.deliver(event)
    settle()

    assert Price.objects.get().currency_options["usd"]["unit_amount"] == 990
    assert differences(stripe_side) == []


def test_an_event_that_shows_nothing_new_of_a_price_is_followed_by_a_fetch(stripe_side):
    stripe_side.a_price(800)
    stripe_side.deliver_all()
    settle()
    price = Price.objects.get()

    told = {"as_of": price.as_of, "event_type": "price.updated"}
    row = ingest(price.data, account="default", **told)

    assert row is not None
    assert row.needs_refresh
    settle()
    assert not Price.objects.get().needs_refresh


def test_a_hidden_change_whose_event_was_lost_is_found_by_comparing(stripe_side):
    stripe_side.stop_clock()
    price = stripe_side.a_price(800)
    stripe_side.deliver_all()
    settle()
    stripe_side.advance(seconds=5)
    options = {"usd": {"unit_amount": 950}}
    stripe_side.client.v1.prices.update(price, {"currency_options": options})

    found = [difference.id for difference in compare_all("default", only=["price"])]

    assert found == [price]
    assert Price.objects.get().currency_options["usd"]["unit_amount"] == 950


def test_a_backfill_asks_but_once_for_coupons_without_products(stripe_side):
    stripe_side.client.v1.coupons.create({"percent_off": 10, "duration": "once"})

    list(backfill("default", only=["coupon"], rate=1_000))

    assert not Coupon.objects.get().needs_refresh
