from __future__ import annotations

import time

import pytest

from tests.sandbox.pages.stories import RETURN
from wagtail_billing_portal.sandbox import clock
from wagtail_billing_portal.sandbox.world import account_for_key, open_world

CANCEL_ON = {
    "subscription_cancel": {
        "enabled": True,
        "cancellation_reason": {"enabled": True, "options": ["unused", "other"]},
    }
}


@pytest.fixture
def subscription(shop):
    return shop.subscription()


def cancel_url(portal, subscription):
    return f"{portal.url}subscriptions/{subscription.id}/cancel/"


def keep_url(portal, subscription):
    return f"{portal.url}subscriptions/{subscription.id}/keep/"


def test_the_portal_shows_what_the_customer_has(shop, subscription, browser):
    page = browser.get(shop.portal(**CANCEL_ON).url).content.decode()

    for words in (
        "Supporter",
        "€12.00 a month",
        "It renews on",
        "Visa ending 4242",
        subscription.latest_invoice.number,
        subscription.latest_invoice.hosted_invoice_url,
        "Cancel subscription",
        RETURN,
    ):
        assert words in page


def test_cancelling_ends_it_with_the_period_and_keeps_the_reason(
    shop, subscription, submit
):
    portal = shop.portal(**CANCEL_ON)

    done = submit(cancel_url(portal, subscription), feedback="unused", comment="Bye")

    canceled = shop.v1.subscriptions.retrieve(subscription.id)
    assert done.status_code == 303
    assert canceled.cancel_at_period_end
    assert canceled.cancellation_details.feedback == "unused"
    assert canceled.cancellation_details.comment == "Bye"


def test_a_cancellation_can_be_taken_back(shop, subscription, submit, browser):
    portal = shop.portal(**CANCEL_ON)
    submit(cancel_url(portal, subscription))
    page = browser.get(portal.url).content.decode()

    token = browser.cookies["csrftoken"].value
    browser.post(keep_url(portal, subscription), {"csrfmiddlewaretoken": token})

    assert "You keep access until" in page
    assert shop.v1.subscriptions.retrieve(subscription.id).cancel_at is None


def test_keeping_needs_a_click(shop, subscription, browser):
    portal = shop.portal(**CANCEL_ON)

    assert browser.get(keep_url(portal, subscription)).status_code == 405


def test_every_change_is_an_event(shop, subscription, submit):
    submit(cancel_url(shop.portal(**CANCEL_ON), subscription))

    newest = shop.v1.events.list({"limit": 1}).data[0]
    assert newest.type == "customer.subscription.updated"
    assert newest.data.previous_attributes["cancel_at_period_end"] is False


def test_what_is_switched_off_is_neither_shown_nor_done(shop, subscription, browser):
    portal = shop.portal()

    page = browser.get(portal.url).content.decode()

    assert "Cancel subscription" not in page
    assert browser.get(cancel_url(portal, subscription)).status_code == 404


def test_hidden_invoices_are_not_listed(shop, subscription, browser):
    portal = shop.portal(invoice_history={"enabled": False})

    assert subscription.latest_invoice.number not in (
        browser.get(portal.url).content.decode()
    )


def test_at_once_means_at_once(shop, subscription, submit):
    at_once = {"subscription_cancel": {"enabled": True, "mode": "immediately"}}

    submit(cancel_url(shop.portal(**at_once), subscription))

    assert shop.v1.subscriptions.retrieve(subscription.id).status == "canceled"


def test_somebody_elses_subscription_is_unknown(shop, subscription, browser):
    shop.customer = shop.v1.customers.create({"name": "Eve"})
    portal = shop.portal(**CANCEL_ON)

    assert browser.get(cancel_url(portal, subscription)).status_code == 404


def test_a_flow_asks_at_once_and_returns_when_done(shop, subscription, browser, submit):
    flow = {
        "type": "subscription_cancel",
        "subscription_cancel": {"subscription": subscription.id},
        "after_completion": {"type": "redirect", "redirect": {"return_url": RETURN}},
    }
    portal = shop.portal(flow_data=flow, **CANCEL_ON)

    entered = browser.get(portal.url)
    done = submit(entered.url)

    assert entered.url.endswith(f"/subscriptions/{subscription.id}/cancel/")
    assert done.url == RETURN


def test_a_flow_may_end_with_a_confirmation(shop, subscription, submit):
    flow = {
        "type": "subscription_cancel",
        "subscription_cancel": {"subscription": subscription.id},
        "after_completion": {
            "type": "hosted_confirmation",
            "hosted_confirmation": {"custom_message": "Come back soon."},
        },
    }
    portal = shop.portal(flow_data=flow, **CANCEL_ON)

    done = submit(cancel_url(portal, subscription)).content.decode()

    assert "Come back soon." in done
    assert RETURN in done


def test_an_unused_link_expires(shop, subscription, browser):
    portal = shop.portal(**CANCEL_ON)
    with open_world(account_for_key(shop.key)) as world:
        clock.travel(world, int(time.time()) + 600)

    page = browser.get(portal.url)

    assert page.status_code == 410
    assert RETURN in page.content.decode()


def test_a_missed_payment_is_told_with_the_way_out(shop, browser):
    late = shop.subscription()
    method = shop.v1.payment_methods.attach(
        "pm_card_chargeCustomerFail", {"customer": shop.customer.id}
    )
    shop.v1.subscriptions.update(late.id, {"default_payment_method": method.id})
    with open_world(account_for_key(shop.key)) as world:
        clock.travel(world, int(time.time()) + 32 * 24 * 60 * 60)

    page = browser.get(shop.portal().url).content.decode()

    assert "Past due" in page
    assert "Pay the open invoice to keep it." in page


def test_a_customer_without_anything_is_told_so(shop, browser):
    page = browser.get(shop.portal().url).content.decode()

    for words in ("There is no subscription.", "No card is saved.", "no invoice yet"):
        assert words in page


def holding_out(shop, subscription, coupon):
    """A flow to leave that offers a coupon to whoever stays."""
    retention = {"type": "coupon_offer", "coupon_offer": {"coupon": coupon.id}}
    wish = {"subscription": subscription.id, "retention": retention}
    flow = {"type": "subscription_cancel", "subscription_cancel": wish}
    return shop.portal(flow_data=flow, **CANCEL_ON)


def test_whoever_takes_the_offer_stays_for_less(shop, subscription, browser, submit):
    coupon = shop.v1.coupons.create({"percent_off": 25, "duration": "once"})
    portal = holding_out(shop, subscription, coupon)
    entered = browser.get(portal.url).url

    page = browser.get(entered).content.decode()
    submit(entered)

    kept = shop.v1.subscriptions.retrieve(subscription.id)
    assert "25\u00a0% off your next payment" in page or "25% off" in page
    assert kept.cancel_at is None
    assert len(kept.discounts) == 1


def test_whoever_leaves_all_the_same_is_let_go(shop, subscription, browser, submit):
    coupon = shop.v1.coupons.create({"percent_off": 25, "duration": "once"})
    portal = holding_out(shop, subscription, coupon)

    submit(f"{browser.get(portal.url).url}?leave=1")

    left = shop.v1.subscriptions.retrieve(subscription.id)
    assert left.cancel_at_period_end
    assert left.discounts == []


def test_reasons_in_the_business_own_words_are_kept(shop, subscription, submit):
    option = shop.v1.billing.feedback_options.create({"description": "I moved away"})
    asked = {"enabled": True, "options": ["other"], "feedback_options": [option.id]}
    features = {"subscription_cancel": {"enabled": True, "cancellation_reason": asked}}

    submit(cancel_url(shop.portal(**features), subscription), feedback=option.id)

    details = shop.v1.subscriptions.retrieve(subscription.id).cancellation_details
    assert (details.feedback, details.feedback_option) == (None, option.id)


def test_leaving_at_once_may_give_back_what_was_not_used(shop, subscription, submit):
    features = {
        "subscription_cancel": {
            "enabled": True,
            "mode": "immediately",
            "proration_behavior": "create_prorations",
        }
    }

    submit(cancel_url(shop.portal(**features), subscription))

    pending = shop.v1.invoice_items.list({"pending": True}).data
    assert [item.amount < 0 for item in pending] == [True]


def test_the_portal_speaks_the_customers_language(shop, browser):
    shop.v1.customers.update(shop.customer.id, {"preferred_locales": ["de"]})

    page = browser.get(shop.portal().url)

    assert page.headers["Content-Language"] == "de"
