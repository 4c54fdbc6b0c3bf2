"""D17 to D19: how one leaves, and what one is offered to stay."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tools.changing import at_stripe, confirm, form_of, url
from tests.tools.shop import soup, the_settings, words
from wagtail_billing_portal.gateway import new_key
from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.models import RetentionOffer, Subscription
from wagtail_billing_portal.models.portal_choices import OfferKind


def test_d17_who_leaves_at_once_gets_the_credit_at_once(
    ada, stripe_side, customer, half_way, at_once
):
    the_settings(cancel_settlement="credit")
    there = url("cancel_confirm", half_way.pk)
    shown = words(ada.get(there))

    ada.post(there, form_of(ada.get(there)))

    v1 = stripe_side.client.v1
    credit = -v1.customers.retrieve(customer).balance
    assert 500 < credit < 700
    assert f"€{credit / 100:.2f} is kept as credit" in shown
    assert v1.invoice_items.list({"customer": customer, "pending": True}).data == []


@pytest.mark.parametrize(
    ("when", "status", "is_ending"),
    [("end", "active", True), ("now", "canceled", False)],
)
def test_d18_members_choose_between_both_ways_to_cancel(
    ada, stripe_side, half_way, when, status, is_ending
):
    the_settings(cancel_mode="either")
    shown = ada.get(url("cancel_confirm", half_way.pk))
    choices = [it["value"] for it in soup(shown).select("[name=when]")]

    confirm(ada, url("cancel_confirm", half_way.pk), when=when)

    assert choices == ["end", "now"]
    at = at_stripe(stripe_side, half_way)
    assert (at.status, at.cancel_at_period_end) == (status, is_ending)


@pytest.fixture
def offers(shop, plans) -> list[RetentionOffer]:
    """What may keep somebody depends on why they leave."""
    list(backfill("default", only=["coupon"]))
    settings = the_settings(offer_pause=True, pause_without_end=True)
    wanted: list[dict[str, Any]] = [
        {
            "kind": OfferKind.COUPON,
            "coupon_id": shop.coupon,
            "reasons": ["too_expensive"],
        },
        {"kind": OfferKind.FREE_MONTHS, "months": 2, "reasons": ["low_quality"]},
        {"kind": OfferKind.PAUSE, "reasons": ["unused"]},
        {"kind": OfferKind.CHEAPER_PLAN, "reasons": ["missing_features"]},
    ]
    return [RetentionOffer.objects.create(settings=settings, **it) for it in wanted]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("too_expensive", "Stay and get 25% off for 3 months."),
        ("low_quality", "the next 2 months cost you nothing"),
        ("unused", "You can pause instead. While it rests, nothing is charged."),
        ("missing_features", "Reader · monthly"),
    ],
)
def test_d19_what_is_offered_fits_the_reason(
    ada, subscription: Subscription, offers, reason, said
):
    page = ada.post(url("cancel", subscription.pk), {"reason": reason}, follow=True)

    assert said in words(page)
    assert "Take the offer" in words(page)


def test_d19_for_another_reason_nothing_stands_in_the_way(
    ada, stripe_side, subscription, offers
):
    page = ada.post(url("cancel", subscription.pk), {"reason": "other"}, follow=True)

    assert "Take the offer" not in words(page)
    ada.post(url("cancel_confirm", subscription.pk), {"key": new_key()})
    assert at_stripe(stripe_side, subscription).cancel_at_period_end
