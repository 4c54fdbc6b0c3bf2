from __future__ import annotations

import re
import time
from typing import Any

import pytest

from tests.sandbox.pages.stories import ASKS, DECLINED, RETURN, a_card
from wagtail_billing_portal.sandbox import clock
from wagtail_billing_portal.sandbox.world import account_for_key, open_world

DAY = 86_400


@pytest.fixture
def subscription(shop):
    return shop.subscription()


@pytest.fixture
def gold(shop):
    product = shop.v1.products.create({"name": "Gold"})
    return shop.v1.prices.create(
        {
            "product": product.id,
            "currency": "eur",
            "unit_amount": 3000,
            "recurring": {"interval": "month"},
        }
    )


def update_on(shop, *prices, allowed=("price",), quantity=None, **feature: Any):
    """The features of a portal in which these prices can be changed to."""
    offered = [
        {
            "product": price.product,
            "prices": [price.id],
            **({"adjustable_quantity": quantity} if quantity else {}),
        }
        for price in (shop.price, *prices)
    ]
    return {
        "payment_method_update": {"enabled": True},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": list(allowed),
            "products": offered,
            "proration_behavior": "always_invoice",
            **feature,
        },
    }


def url_of(portal, subscription, page="update"):
    return f"{portal.url}subscriptions/{subscription.id}/{page}/"


def confirm_url(portal, subscription, price, **chosen):
    query = "&".join(f"{name}={value}" for name, value in chosen.items())
    confirm = url_of(portal, subscription, "update/confirm")
    return f"{confirm}?price={price.id}&{query}"


def shown_sum(page):
    found = re.search(r"Confirm and pay €([\d.]+)", page)
    return found and int(found[1].replace(".", ""))


def travel(shop, days):
    with open_world(account_for_key(shop.key)) as world:
        clock.travel(world, max(world.now, int(time.time())) + days * DAY)


def price_of(shop, subscription):
    found = shop.v1.subscriptions.retrieve(subscription.id)
    return found["items"].data[0].price.id


def test_the_plans_on_offer_are_shown_with_the_present_one(
    shop, subscription, gold, browser
):
    portal = shop.portal(**update_on(shop, gold))

    home = browser.get(portal.url).content.decode()
    page = browser.get(url_of(portal, subscription)).content.decode()

    assert "Change plan" in home
    for words in ("Supporter", "Gold", "€30.00 a month", "Your plan"):
        assert words in page
    assert "Add promotion code" not in page


def test_what_is_shown_is_what_is_charged(shop, subscription, gold, submit, browser):
    portal = shop.portal(**update_on(shop, gold))
    travel(shop, 10)
    browser.get(shop.portal(**update_on(shop, gold)).url)
    portal = shop.portal(**update_on(shop, gold))
    address = confirm_url(portal, subscription, gold)

    page = browser.get(address).content.decode()
    done = submit(address)

    invoice = shop.v1.invoices.list({"limit": 1}).data[0]
    assert done.status_code == 303
    assert price_of(shop, subscription) == gold.id
    assert (invoice.status, invoice.total) == ("paid", shown_sum(page))


def test_a_free_change_says_so(shop, subscription, gold, browser):
    portal = shop.portal(**update_on(shop, gold, proration_behavior="none"))

    page = browser.get(confirm_url(portal, subscription, gold)).content.decode()

    assert "Nothing is due today." in page
    assert "The next payment is €30.00 on" in page


def test_a_refused_card_changes_nothing_until_another_one_pays(
    shop, gold, submit, browser
):
    subscription = shop.subscription("pm_card_chargeCustomerFail", trial_period_days=5)
    portal = shop.portal(**update_on(shop, gold))
    address = confirm_url(portal, subscription, gold)

    refused = submit(address)
    done = submit(address, **a_card())

    assert "Your card was declined." in refused.content.decode()
    assert done.status_code == 303
    assert price_of(shop, subscription) == gold.id
    assert shop.v1.subscriptions.retrieve(subscription.id).status == "active"


@pytest.mark.parametrize(("answer", "changed"), [("complete", True), ("fail", False)])
def test_the_bank_may_ask_before_a_change_is_paid(
    shop, gold, submit, browser, answer, changed
):
    subscription = shop.subscription(
        "pm_card_authenticationRequired", trial_period_days=5
    )
    portal = shop.portal(**update_on(shop, gold))

    asked = submit(confirm_url(portal, subscription, gold))
    answered = submit(asked.url, answer=answer)

    assert ("refused=authentication" in answered.url) is not changed
    assert browser.get(answered.url).status_code == 200
    assert (price_of(shop, subscription) == gold.id) is changed


def test_without_any_card_one_is_asked_for(shop, gold, submit, browser):
    subscription = shop.v1.subscriptions.create(
        {
            "customer": shop.customer.id,
            "items": [{"price": shop.price.id}],
            "trial_period_days": 5,
        }
    )
    portal = shop.portal(**update_on(shop, gold))
    address = confirm_url(portal, subscription, gold)

    page = browser.get(address).content.decode()
    declined = submit(address, **a_card(DECLINED))
    submit(address, **a_card())

    assert 'name="number"' in page
    assert "Your card was declined." in declined.content.decode()
    assert price_of(shop, subscription) == gold.id


def test_a_trial_ends_with_a_change_unless_it_goes_on(shop, gold, submit, browser):
    subscription = shop.subscription(trial_period_days=7)
    goes_on = update_on(shop, gold, trial_update_behavior="continue_trial")

    ends = browser.get(
        confirm_url(shop.portal(**update_on(shop, gold)), subscription, gold)
    ).content.decode()
    submit(confirm_url(shop.portal(**goes_on), subscription, gold))

    assert "Your trial ends with this change." in ends
    assert shown_sum(ends) == 3000
    assert shop.v1.subscriptions.retrieve(subscription.id).status == "trialing"
    assert price_of(shop, subscription) == gold.id


def test_the_billing_day_may_move(shop, subscription, gold, submit):
    travel(shop, 10)
    features = update_on(shop, gold, billing_cycle_anchor="now")

    submit(confirm_url(shop.portal(**features), subscription, gold))

    changed = shop.v1.subscriptions.retrieve(subscription.id)
    assert changed.billing_cycle_anchor - subscription.billing_cycle_anchor >= 10 * DAY


def test_less_may_wait_for_the_end_of_the_period(shop, gold, submit, browser):
    subscription = shop.subscription(items=[{"price": gold.id}])
    features = update_on(
        shop,
        gold,
        schedule_at_period_end={"conditions": [{"type": "decreasing_item_amount"}]},
    )
    address = confirm_url(shop.portal(**features), subscription, shop.price)

    page = browser.get(address).content.decode()
    submit(address)
    before = price_of(shop, subscription)
    home = browser.get(shop.portal(**features).url).content.decode()
    travel(shop, 32)

    assert "Nothing is due today. Until then" in page
    assert "The next payment is €12.00 on" in page
    assert "Supporter, €12.00 a month" in home
    assert "Change plan" not in home
    assert (before, price_of(shop, subscription)) == (gold.id, shop.price.id)
    paid = shop.v1.invoices.list({"limit": 1}).data[0]
    assert paid.total == 1200


def test_a_quantity_keeps_to_its_bounds(shop, subscription, submit, browser):
    features = update_on(
        shop,
        allowed=("quantity",),
        quantity={"enabled": True, "minimum": 1, "maximum": 5},
    )
    portal = shop.portal(**features)

    def page(quantity):
        address = confirm_url(portal, subscription, shop.price, quantity=quantity)
        return browser.get(address).content.decode()

    assert "Choose at most 5" in page(6)
    assert "Choose at least 1" in page(0)
    assert "what you have already" in page(1)
    assert shown_sum(page(3)) is not None

    submit(confirm_url(portal, subscription, shop.price, quantity=3))
    changed = shop.v1.subscriptions.retrieve(subscription.id)
    assert changed["items"].data[0].quantity == 3


def test_a_code_lowers_the_sum_when_codes_are_allowed(
    shop, subscription, gold, submit, browser
):
    coupon = shop.v1.coupons.create({"percent_off": 50, "duration": "forever"})
    shop.v1.promotion_codes.create(
        {"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "HALF"}
    )
    features = update_on(shop, gold, allowed=("price", "promotion_code"))
    portal = shop.portal(**features)

    wrong = browser.get(confirm_url(portal, subscription, gold, code="NO"))
    submit(confirm_url(portal, subscription, gold, code="half"))

    changed = shop.v1.subscriptions.retrieve(subscription.id)
    assert "This code does not work here." in wrong.content.decode()
    assert len(changed.discounts) == 1


def test_codes_cannot_be_guessed_for_ever(shop, subscription, gold, browser):
    features = update_on(shop, gold, allowed=("price", "promotion_code"))
    portal = shop.portal(**features)
    for guess in range(10):
        browser.get(confirm_url(portal, subscription, gold, code=f"guess{guess}"))
    coupon = shop.v1.coupons.create({"percent_off": 50, "duration": "forever"})
    shop.v1.promotion_codes.create(
        {"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "HALF"}
    )

    page = browser.get(confirm_url(portal, subscription, gold, code="HALF"))

    assert "This code does not work here." in page.content.decode()


def test_a_change_needs_a_token_and_its_owner(shop, subscription, gold, browser):
    portal = shop.portal(**update_on(shop, gold))
    forged = browser.post(confirm_url(portal, subscription, gold))
    shop.customer = shop.v1.customers.create({"name": "Eve"})
    eves = shop.portal(**update_on(shop, gold))

    foreign = [
        browser.get(url_of(eves, subscription, page)).status_code
        for page in ("update", "update/confirm", "pause", "resume", "cancel", "keep")
    ]

    assert forged.status_code == 403
    assert foreign == [404, 404, 404, 404, 404, 405]
    assert price_of(shop, subscription) == shop.price.id


def test_a_price_that_is_not_on_offer_cannot_be_had(shop, subscription, gold, submit):
    silver = shop.v1.prices.create(
        {
            "product_data": {"name": "Silver"},
            "currency": "eur",
            "unit_amount": 2000,
            "recurring": {"interval": "month"},
        }
    )
    portal = shop.portal(**update_on(shop, silver))

    page = submit(confirm_url(portal, subscription, gold)).content.decode()

    assert "Select a valid choice" in page
    assert price_of(shop, subscription) == shop.price.id


def test_a_flow_has_its_change_confirmed_and_comes_back(
    shop, subscription, gold, browser, submit
):
    item = subscription["items"].data[0].id
    flow = {
        "type": "subscription_update_confirm",
        "subscription_update_confirm": {
            "subscription": subscription.id,
            "items": [{"id": item, "price": gold.id, "quantity": 1}],
        },
        "after_completion": {"type": "redirect", "redirect": {"return_url": RETURN}},
    }
    portal = shop.portal(flow_data=flow, **update_on(shop, gold))

    entered = browser.get(portal.url)
    done = submit(entered.url)
    again = browser.get(portal.url).content.decode()

    assert entered.url.endswith("/update/confirm/")
    assert done.url == RETURN
    assert price_of(shop, subscription) == gold.id
    assert "There is nothing left to do here." in again


def test_a_flow_chooses_and_ends_at_the_portal(
    shop, subscription, gold, browser, submit
):
    flow = {
        "type": "subscription_update",
        "subscription_update": {"subscription": subscription.id},
    }
    portal = shop.portal(flow_data=flow, **update_on(shop, gold))

    entered = browser.get(portal.url)
    done = submit(confirm_url(portal, subscription, gold))
    home = browser.get(done.url).content.decode()

    assert entered.url.endswith("/update/")
    assert "Gold" in home
    assert "Subscriptions" in home


def test_a_flow_that_came_too_late_says_so(shop, subscription, gold, browser, submit):
    flow = {
        "type": "subscription_update_confirm",
        "subscription_update_confirm": {
            "subscription": subscription.id,
            "items": [{"id": subscription["items"].data[0].id, "price": gold.id}],
        },
    }
    portal = shop.portal(flow_data=flow, **update_on(shop, gold))
    shop.v1.prices.update(gold.id, {"active": False})

    page = browser.get(browser.get(portal.url).url)

    assert page.status_code == 409
    assert "no longer possible" in page.content.decode()


def test_a_card_that_asks_can_be_typed_in_at_the_end(shop, gold, submit, browser):
    subscription = shop.v1.subscriptions.create(
        {
            "customer": shop.customer.id,
            "items": [{"price": shop.price.id}],
            "trial_period_days": 5,
        }
    )
    portal = shop.portal(**update_on(shop, gold))

    asked = submit(confirm_url(portal, subscription, gold), **a_card(ASKS))
    submit(asked.url, answer="complete")

    assert price_of(shop, subscription) == gold.id
