"""A member types in a promotion code, sees what it saves, and lets go of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.tools.shop import soup, url, words
from wagtail_billing_portal.gateway import new_key
from wagtail_billing_portal.models import (
    Act,
    CustomerAccess,
    Role,
    Subscription,
    SubscriptionAct,
)

USELESS = "This code can't be used here."


@pytest.fixture
def ada(client, member, subscription) -> Client:
    client.force_login(member)
    return client


def type_in(browser: Client, subscription: Subscription, code: str, **more: Any) -> Any:
    """Send a code; answers with the page that follows."""
    form = {"key": new_key(), "code": code}
    return browser.post(url("apply_code", subscription.pk), form, follow=True, **more)


def a_code(stripe_side, code: str, coupon: dict[str, Any], **limits: Any) -> str:
    v1 = stripe_side.client.v1
    made = v1.coupons.create({"duration": "forever", **coupon}).id
    promotion: Any = {"type": "coupon", "coupon": made}
    wanted: Any = {"promotion": promotion, "code": code, **limits}
    return v1.promotion_codes.create(wanted).id


def discounts(stripe_side, subscription: Subscription) -> list[str]:
    found = stripe_side.client.v1.subscriptions.retrieve(subscription.pk)
    return [str(it) for it in found.discounts]


def detail(browser: Client, subscription: Subscription) -> Any:
    return browser.get(url("subscription", subscription.pk))


def test_a_code_saves_what_the_page_says(ada, stripe_side, subscription):
    page = words(type_in(ada, subscription, "welcome"))

    assert "The code welcome is applied" in page
    assert "25% off until" in page
    assert "Code WELCOME" in page
    stripe_side.stop_clock()
    stripe_side.advance(days=32)
    wanted: Any = {"subscription": subscription.pk}
    assert stripe_side.client.v1.invoices.list(wanted).data[0].total == 900
    assert SubscriptionAct.objects.get().act == Act.DISCOUNTED


@pytest.mark.parametrize(
    ("coupon", "said"),
    [
        ({"amount_off": 300, "currency": "eur"}, "€3.00 off for good"),
        ({"percent_off": 12.5}, "12.5% off for good"),
        ({"percent_off": 10, "duration": "once"}, "10% off on the next invoice"),
    ],
)
def test_each_discount_is_told_in_words(ada, stripe_side, subscription, coupon, said):
    a_code(stripe_side, "SPRING", coupon)

    assert said in words(type_in(ada, subscription, "SPRING"))


def test_a_second_code_keeps_the_first(ada, stripe_side, subscription):
    a_code(stripe_side, "SPRING", {"percent_off": 10})
    type_in(ada, subscription, "WELCOME")

    page = words(type_in(ada, subscription, "SPRING"))

    assert "25% off" in page
    assert "10% off" in page
    assert len(discounts(stripe_side, subscription)) == 2


def test_a_code_typed_in_twice_is_redeemed_once(ada, stripe_side, shop, subscription):
    form = {"key": new_key(), "code": "WELCOME"}
    there = url("apply_code", subscription.pk)

    first, second = ada.post(there, form), ada.post(there, form, follow=True)

    assert first.status_code == 303
    assert USELESS not in words(second)
    assert len(discounts(stripe_side, subscription)) == 1
    code = stripe_side.client.v1.promotion_codes.retrieve(shop.promotion_code)
    assert code.times_redeemed == 1


def test_letting_go_of_a_code_leaves_the_others(ada, stripe_side, subscription):
    given: Any = {"percent_off": 5, "duration": "forever"}
    coupon = stripe_side.client.v1.coupons.create(given).id
    stripe_side.client.v1.subscriptions.update(
        subscription.pk, {"discounts": [{"coupon": coupon}]}
    )
    stripe_side.deliver_all()
    shown = type_in(ada, subscription, "WELCOME")
    [form] = soup(shown).select(
        f"form[action='{url('remove_discount', subscription.pk)}']"
    )
    fields = {it["name"]: it["value"] for it in form.select("input[type=hidden]")}

    removed = ada.post(form["action"], fields, follow=True)

    assert "The discount is removed." in words(removed)
    assert "25% off" not in words(removed)
    assert "5% off for good" in words(removed)
    assert len(discounts(stripe_side, subscription)) == 1
    again = ada.post(form["action"], fields, follow=True)
    assert "No promotion code is applied." in words(again)
    assert len(discounts(stripe_side, subscription)) == 1


def test_what_the_site_gave_is_not_a_members_to_remove(ada, stripe_side, subscription):
    given: Any = {"percent_off": 5, "duration": "forever"}
    coupon = stripe_side.client.v1.coupons.create(given).id
    stripe_side.client.v1.subscriptions.update(
        subscription.pk, {"discounts": [{"coupon": coupon}]}
    )
    stripe_side.deliver_all()
    type_in(ada, subscription, "WELCOME")
    [its_id] = [
        it.pk
        for it in Subscription.objects.get(pk=subscription.pk).current_discounts
        if it.promotion_code is None
    ]

    form = {"key": new_key(), "discount": its_id}
    ada.post(url("remove_discount", subscription.pk), form)

    assert its_id in discounts(stripe_side, subscription)


def test_all_useless_codes_get_the_same_answer(ada, stripe_side, shop, subscription):
    other = stripe_side.a_customer()
    tenth: Any = {"percent_off": 10}
    held = stripe_side.client.v1.prices.retrieve(shop.reader).product
    covers: Any = {**tenth, "applies_to": {"products": [str(held)]}}
    spent = a_code(stripe_side, "SPENT", tenth)
    stripe_side.client.v1.promotion_codes.update(spent, {"active": False})
    a_code(stripe_side, "THEIRS", tenth, customer=other)
    a_code(stripe_side, "FIRST", tenth, restrictions={"first_time_transaction": True})
    least = {"minimum_amount": 5000, "minimum_amount_currency": "eur"}
    a_code(stripe_side, "DEAR", tenth, restrictions=least)
    a_code(stripe_side, "READERS", covers)
    a_code(stripe_side, "DOLLARS", {"amount_off": 100, "currency": "usd"})

    codes = ["NONSENSE", "SPENT", "THEIRS", "FIRST", "DEAR", "READERS", "DOLLARS"]
    answers = [type_in(ada, subscription, code) for code in codes]

    said = [
        soup(it).select_one(".billing-banner, [role=status], [role=alert]")
        for it in answers
    ]
    assert all(USELESS in words(it) for it in answers)
    assert len({str(it) for it in said}) == 1
    assert discounts(stripe_side, subscription) == []


def test_whoever_guesses_is_stopped(ada, stripe_side, subscription):
    for guess in range(10):
        assert USELESS in words(type_in(ada, subscription, f"GUESS{guess}"))

    late = type_in(ada, subscription, "WELCOME")

    assert "too many tries" in words(late)
    assert discounts(stripe_side, subscription) == []


def test_guessing_with_many_accounts_is_stopped_as_well(
    client, make_member, stripe_side, subscription
):
    for number in range(6):
        member = make_member(f"eve{number}")
        CustomerAccess.objects.create(
            user=member,
            customer_id=subscription.customer_id,
            stripe_account="default",
            role=Role.MANAGER,
        )
        client.force_login(member)
        last = [
            type_in(client, subscription, "GUESS", REMOTE_ADDR="8.8.8.8")
            for _ in range(9)
        ][-1]

    assert "too many tries" in words(last)


def test_a_viewer_redeems_nothing(client, make_member, stripe_side, subscription):
    grace = make_member("grace")
    CustomerAccess.objects.create(
        user=grace,
        customer_id=subscription.customer_id,
        stripe_account="default",
        role=Role.VIEWER,
    )
    client.force_login(grace)

    shown = detail(client, subscription).content.decode()
    tried = type_in(client, subscription, "WELCOME")

    assert url("apply_code", subscription.pk) not in shown
    assert "only its owner or a manager can change it" in words(tried)
    assert discounts(stripe_side, subscription) == []


def test_what_stripe_knows_by_now_decides(ada, stripe_side, subscription):
    """The site has not heard yet that it was cancelled at once at Stripe."""
    stripe_side.cancel(subscription.pk)

    page = type_in(ada, subscription, "WELCOME")

    assert USELESS in words(page)
    assert "Ended" in words(page)
