"""What is offered to a member who is about to leave."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tools import changing
from tests.tools.changing import confirm
from tests.tools.groups import group
from tests.tools.shop import buttons, soup, the_settings, url, words
from wagtail_billing_portal.gateway import new_key
from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.models import (
    Act,
    CustomerAccess,
    GroupedPrice,
    PlanGroup,
    RetentionOffer,
    Role,
    SubscriptionAct,
)
from wagtail_billing_portal.models.portal_choices import OfferKind
from wagtail_billing_portal.sandbox import faults


def offered(kind: str, **fields: Any) -> RetentionOffer:
    return RetentionOffer.objects.create(settings=the_settings(), kind=kind, **fields)


@pytest.fixture
def quarter_off(shop):
    list(backfill("default", only=["coupon"]))
    return offered(OfferKind.COUPON, coupon_id=shop.coupon, text="Bread for less?")


def leave(ada, subscription, reason: str = ""):
    said = {"reason": reason}
    return ada.post(url("cancel", subscription.pk), said, follow=True)


def take(ada, subscription, offer, **fields: str):
    form = {"key": new_key(), "offer": str(offer.pk), **fields}
    return ada.post(url("cancel_offer", subscription.pk), form, follow=True)


def discounts_of(stripe_side, subscription) -> list[str]:
    return stripe_side.client.v1.subscriptions.retrieve(subscription.pk).discounts


def test_the_offer_says_what_the_next_invoice_would_be(ada, subscription, quarter_off):
    page = leave(ada, subscription)

    assert "Bread for less?" in words(page)
    assert "Stay and get 25% off for 3 months. Your next invoice" in words(page)
    assert "is €9.00 then." in words(page)


def test_going_on_is_as_easy_as_staying(ada, subscription, quarter_off):
    page = leave(ada, subscription)

    assert buttons(page) == ["Take the offer", "Go on cancelling"]
    looks = {tuple(it["class"]) for it in soup(page).select(".billing-actions > *")}
    assert looks == {("billing-button",)}


def test_who_takes_it_stays_for_less(ada, subscription, quarter_off, stripe_side):
    leave(ada, subscription)

    page = take(ada, subscription, quarter_off)

    assert "Supporter goes on, and the offer is applied." in words(page)
    assert len(discounts_of(stripe_side, subscription)) == 1
    stripe_side.advance(days=32)
    invoices = stripe_side.client.v1.invoices.list({"subscription": subscription.pk})
    assert invoices.data[0].total == 900


def test_discounts_there_were_are_kept(ada, subscription, quarter_off, stripe_side):
    other = stripe_side.client.v1.coupons.create({"percent_off": 5, "duration": "once"})
    stripe_side.client.v1.subscriptions.update(
        subscription.pk, {"discounts": [{"coupon": other.id}]}
    )
    stripe_side.deliver_all()

    take(ada, subscription, quarter_off)

    assert len(discounts_of(stripe_side, subscription)) == 2


def test_it_is_made_once(ada, subscription, quarter_off, stripe_side):
    take(ada, subscription, quarter_off)

    again = leave(ada, subscription)
    take(ada, subscription, quarter_off)

    assert "Take the offer" not in buttons(again)
    assert len(discounts_of(stripe_side, subscription)) == 1


def test_a_cheaper_plan_is_a_page_away(ada, subscription, shop):
    settings = the_settings()
    group = PlanGroup.objects.create(settings=settings, name="Plans")
    for id in (shop.reader, shop.supporter):
        GroupedPrice.objects.create(group=group, price_id=id)
    offered(OfferKind.CHEAPER_PLAN)

    page = leave(ada, subscription)
    [link, _go_on] = soup(page).select(".billing-actions > a")
    confirm = ada.get(link["href"])

    assert link.text == "Take the offer"
    assert confirm.status_code == 200


def take_the_link(ada, subscription, **fields: str):
    """Follow the offer to its page, and confirm what that shows."""
    [link, _go_on] = soup(leave(ada, subscription)).select(".billing-actions > a")
    return confirm(ada, link["href"], **fields)


def accepted() -> list[str]:
    return list(
        SubscriptionAct.objects.filter(act=Act.ACCEPTED).values_list("about", flat=True)
    )


def test_a_pause_that_was_offered_is_an_offer_taken(ada, subscription):
    the_settings(offer_pause=True)
    offered(OfferKind.PAUSE)

    take_the_link(ada, subscription, length="1 month")

    assert accepted() == [OfferKind.PAUSE]
    page = words(ada.get(url("subscription", subscription.pk)))
    assert "Offer accepted" in page


def test_a_cheaper_plan_that_was_offered_is_an_offer_taken(ada, subscription, shop):
    group(shop.reader, shop.supporter)
    offered(OfferKind.CHEAPER_PLAN)

    take_the_link(ada, subscription)

    assert accepted() == [OfferKind.CHEAPER_PLAN]


def test_a_cheaper_plan_that_is_paid_later_is_an_offer_taken_then(
    ada, subscription, shop, stripe_side, customer
):
    the_settings(wait_if_cheaper=False, billing_anchor="now")
    group(shop.reader, shop.supporter)
    offered(OfferKind.CHEAPER_PLAN)
    stripe_side.stop_clock()
    # What is left of the month pays for little of the new one.
    stripe_side.advance(days=27)
    stripe_side.give_card(customer, "pm_card_chargeCustomerFail")
    stripe_side.deliver_all()

    take_the_link(ada, subscription)
    before = accepted()
    stripe_side.settle(customer)
    stripe_side.deliver_all()

    assert (before, accepted()) == ([], [OfferKind.CHEAPER_PLAN])


def test_who_comes_by_another_way_has_taken_no_offer(ada, subscription, shop):
    the_settings(offer_pause=True)
    group(shop.reader, shop.supporter)
    offered(OfferKind.PAUSE)

    confirm(ada, changing.url("change_confirm", subscription.pk, price=shop.reader))
    ada.post(url("undo_change", subscription.pk), {"key": new_key()})
    confirm(ada, url("pause", subscription.pk), length="1 month")

    acts = SubscriptionAct.objects.order_by("pk").values_list("act", flat=True)
    assert list(acts) == [Act.SCHEDULED, Act.UNSCHEDULED, Act.PAUSED]


@pytest.mark.parametrize("named", ["of another kind", "for another reason", "none"])
def test_an_address_that_names_another_offer_takes_none(ada, subscription, shop, named):
    the_settings(offer_pause=True)
    group(shop.reader, shop.supporter)
    offers = {
        "of another kind": offered(OfferKind.CHEAPER_PLAN).pk,
        "for another reason": offered(OfferKind.PAUSE, reasons=["unused"]).pk,
    }
    leave(ada, subscription, "too_expensive")
    page = changing.url("pause", subscription.pk, offer=offers.get(named, "x"))

    confirm(ada, page, length="1 month")

    assert SubscriptionAct.objects.get().act == Act.PAUSED


@pytest.mark.parametrize("kind", faults.LOSSES)
def test_a_lost_answer_is_found_by_the_same_form(
    ada, subscription, quarter_off, stripe_side, kind
):
    key = new_key()
    faults.inject(kind, path="/v1/subscriptions/*")
    take(ada, subscription, quarter_off, key=key)

    page = take(ada, subscription, quarter_off, key=key)

    assert len(discounts_of(stripe_side, subscription)) == 1
    assert "the offer is applied" in words(page)


def test_it_fits_the_reason(ada, subscription, shop):
    offered(OfferKind.FREE_MONTHS, months=2, reasons=["too_expensive"])

    assert "Take the offer" not in buttons(leave(ada, subscription, "unused"))
    page = leave(ada, subscription, "too_expensive")
    assert "the next 2 months cost you nothing" in words(page)


def test_free_months_are_free(ada, subscription, shop, stripe_side):
    offer = offered(OfferKind.FREE_MONTHS, months=2)
    stripe_side.advance(days=3)

    take(ada, subscription, offer)

    for _month in range(3):
        stripe_side.advance(days=31)
    listed = stripe_side.client.v1.invoices.list({"subscription": subscription.pk})
    assert [it.total for it in listed.data] == [1200, 0, 0, 1200]


def test_a_year_is_not_given_for_a_month(ada, customer, shop, stripe_side):
    offered(OfferKind.FREE_MONTHS, months=1)
    id = stripe_side.subscribe(customer, shop.supporter_yearly)
    stripe_side.deliver_all()

    page = ada.post(url("cancel", id), {}, follow=True)

    assert "Take the offer" not in buttons(page)


def test_without_stripe_nothing_is_applied(ada, subscription, quarter_off, stripe_side):
    faults.inject(faults.RESET_BEFORE_WRITE, method="*", times=10)
    take(ada, subscription, quarter_off)
    faults.clear()

    assert not discounts_of(stripe_side, subscription)


def test_a_viewer_takes_nothing(ada, subscription, quarter_off, stripe_side):
    CustomerAccess.objects.update(role=Role.VIEWER)

    take(ada, subscription, quarter_off)

    assert not discounts_of(stripe_side, subscription)
