"""D1: what has several products can be cancelled only, on Stripe's own pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tools.changing import confirm, form_of, url
from tests.tools.groups import group
from tests.tools.shop import a_form, soup, words
from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.models import Subscription


@pytest.fixture
def letters(stripe_side, shop) -> tuple[str, str]:
    """A second thing to subscribe to: the letter, small and large."""
    ids = [stripe_side.a_price(n, product=f"Letter {n}") for n in (200, 400)]
    list(backfill("default", only=["product", "price"]))
    group(*ids, minimum=1, maximum=9)
    return ids[0], ids[1]


@pytest.fixture
def bundle(stripe_side, shop, customer, plans, letters) -> Subscription:
    """Supporter and two small letters in one subscription, half a month old."""
    items = [{"price": shop.supporter}, {"price": letters[0], "quantity": 2}]
    made = stripe_side.client.v1.subscriptions.create(
        {"customer": customer, "items": items}
    )
    stripe_side.deliver_all()
    stripe_side.stop_clock()
    stripe_side.advance(days=15)
    return Subscription.objects.get(pk=made.id)


def held(stripe_side: Any, subscription: Subscription) -> list[tuple[str, int]]:
    """Prices and quantities at Stripe, in its order."""
    at = stripe_side.client.v1.subscriptions.retrieve(subscription.pk)
    return [(item.price.id, item.quantity) for item in at["items"].data]


def test_d1_one_of_several_products_can_be_switched(
    ada, stripe_side, shop, letters, bundle
):
    chosen = ada.get(url("change", bundle.pk))
    [link] = [
        it["href"]
        for it in soup(chosen).select("a.billing-button")
        if "Letter 400" in it.text
    ]
    shown = ada.get(link)
    answer = ada.post(link, form_of(shown))

    assert "Instead of Supporter · monthly" in words(chosen)
    assert "Instead of Letter 200 · monthly" in words(chosen)
    assert "Everything else in your subscription stays as it is." in words(shown)
    assert "Pay €2.00 and switch" in words(shown)
    assert "You are on Letter 400 · monthly now." in words(ada.get(answer["Location"]))
    assert held(stripe_side, bundle) == [(shop.supporter, 1), (letters[1], 2)]


def test_d1_each_of_several_products_is_counted_by_itself(
    ada, stripe_side, shop, letters, bundle
):
    group(shop.team, minimum=1, maximum=20)
    stripe_side.client.v1.subscriptions.update(
        bundle.pk, {"items": [{"price": shop.team, "quantity": 4}]}
    )
    stripe_side.deliver_all()

    shown = ada.get(url("quantity", bundle.pk))
    forms = soup(shown).select("form[method=get]")
    fields = {it["name"]: it["value"] for it in forms[1].select("input")}
    asked = ada.get(url("quantity", bundle.pk, **{**fields, "quantity": 6}))
    confirm(ada, asked["Location"])

    names = [it.select_one("h2").text for it in forms]
    assert names == ["Letter 200 · monthly", "Bakery team · monthly"]
    ids = [it["id"] for it in soup(shown).select("[id]")]
    assert len(ids) == len({*ids})
    assert held(stripe_side, bundle) == [
        (shop.supporter, 1),
        (letters[0], 2),
        (shop.team, 6),
    ]


def test_d1_what_each_of_several_products_brings_is_listed(
    ada, stripe_side, bundle, letters
):
    for item, brings in zip(bundle.items.all(), ("The paper", "A letter"), strict=True):
        stripe_side.client.v1.products.update(
            item.price.product_id, {"marketing_features": [{"name": brings}]}
        )
    stripe_side.deliver_all()

    page = words(ada.get(url("subscription", bundle.pk)))
    counted = ada.get(url("quantity", bundle.pk))

    assert "What you get The paper A letter" in page
    assert soup(counted).select_one("form h2").text == "Letter 200 · monthly"


def test_d1_a_change_of_one_product_that_waits_leaves_the_others_in_their_places(
    ada, stripe_side, shop, letters, bundle
):
    answer = confirm(ada, url("change_confirm", bundle.pk, price=shop.reader))

    page = words(ada.get(answer["Location"]))
    assert "you have: Reader · monthly, €5.00 a month, tax included; Letter 200" in page

    stripe_side.advance(days=17)
    stripe_side.deliver_all()

    assert held(stripe_side, bundle) == [(shop.reader, 1), (letters[0], 2)]
    assert "Reader" in words(ada.get(url("subscription", bundle.pk)))


def test_d1_an_item_of_somebody_else_is_no_item_of_this_one(
    ada, stripe_side, shop, letters, bundle
):
    other = stripe_side.subscribe(stripe_side.a_customer(), letters[0])
    stripe_side.deliver_all()
    item = Subscription.objects.get(pk=other).first_item.pk

    for page in ("change", "quantity", "change_confirm"):
        tried = ada.get(url(page, bundle.pk, item=item, price=letters[1]), follow=True)
        assert "We can't find that in your subscription." in words(tried)


def test_d1_products_paid_by_the_month_and_by_the_year_are_told_apart(
    ada, stripe_side, shop, customer
):
    flexible = {"billing_mode": {"type": "flexible"}}
    id = stripe_side.subscribe(customer, shop.supporter, shop.reader_yearly, **flexible)
    stripe_side.deliver_all()

    page = words(ada.get(url("subscription", id)))

    assert "€12.00 a month and €50.00 a year, tax included" in page
    assert "€62.00" not in page


def test_d1_after_the_end_all_products_come_back_that_are_still_sold(
    ada, stripe_side, shop, letters, bundle
):
    withdrawn = stripe_side.a_price(700, product="Almanac")
    v1 = stripe_side.client.v1
    v1.subscriptions.update(bundle.pk, {"items": [{"price": withdrawn}]})
    v1.prices.update(withdrawn, {"active": False})
    stripe_side.cancel(bundle.pk)
    stripe_side.deliver_all()

    checkout = ada.post(url("subscribe_again", bundle.pk), a_form())
    stripe_side.pay(checkout["Location"])
    stripe_side.deliver_all()

    anew = Subscription.objects.exclude(pk=bundle.pk).get()
    assert held(stripe_side, anew) == [(shop.supporter, 1), (letters[0], 2)]
