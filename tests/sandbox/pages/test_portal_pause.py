from __future__ import annotations

import time

import pytest

from tests.sandbox.pages.stories import ASKS, DECLINED, a_card
from wagtail_billing_portal.sandbox import clock
from wagtail_billing_portal.sandbox.world import account_for_key, open_world

DAY = 86_400


@pytest.fixture
def subscription(shop):
    return shop.subscription()


def pause_on(*options):
    kind = {"type": "indefinite"}
    if options:
        kind = {"type": "interval_options", "interval_options": list(options)}
    return {"subscription_pause": {"enabled": True, "duration": kind}}


def url_of(portal, subscription, page="pause"):
    return f"{portal.url}subscriptions/{subscription.id}/{page}/"


def travel(shop, days):
    with open_world(account_for_key(shop.key)) as world:
        clock.travel(world, max(world.now, int(time.time())) + days * DAY)


def status_of(shop, subscription):
    return shop.v1.subscriptions.retrieve(subscription.id).status


def test_a_pause_says_what_it_gives_back_and_has_no_end(
    shop, subscription, browser, submit
):
    travel(shop, 10)
    portal = shop.portal(**pause_on())

    page = browser.get(url_of(portal, subscription)).content.decode()
    done = submit(url_of(portal, subscription))
    home = browser.get(done.url).content.decode()

    given_back = -shop.v1.invoice_items.list({"pending": True}).data[0].amount
    assert f"You get back €{given_back / 100:.2f}" in page
    assert status_of(shop, subscription) == "paused"
    assert "It is paused. Nothing is charged." in home
    assert "Resume" in home


def test_a_pause_of_a_chosen_length_ends_by_itself(shop, subscription, browser, submit):
    portal = shop.portal(
        **pause_on({"interval": "week"}, {"interval": "month", "interval_count": 2})
    )

    page = browser.get(url_of(portal, subscription)).content.decode()
    submit(url_of(portal, subscription), duration="1")
    travel(shop, 50)
    halfway = status_of(shop, subscription)
    travel(shop, 15)

    assert "1 week, until" in page
    assert "2 months, until" in page
    assert (halfway, status_of(shop, subscription)) == ("paused", "active")
    newest = shop.v1.invoices.list({"limit": 1}).data[0]
    assert newest.status == "paid"


def test_a_length_that_is_not_on_offer_is_none(shop, subscription, submit):
    portal = shop.portal(**pause_on({"interval": "week"}))

    page = submit(url_of(portal, subscription), duration="7").content.decode()

    assert 'href="#id_duration"' in page
    assert status_of(shop, subscription) == "active"


def test_resuming_costs_what_is_shown(shop, subscription, browser, submit):
    portal = shop.portal(**pause_on())
    shop.v1.subscriptions.pause(subscription.id)

    page = browser.get(url_of(portal, subscription, "resume")).content.decode()
    done = submit(url_of(portal, subscription, "resume"))

    newest = shop.v1.invoices.list({"limit": 1}).data[0]
    assert done.status_code == 303
    assert status_of(shop, subscription) == "active"
    due = f"Resume and pay €{newest.amount_due / 100:.2f}"
    assert (due if newest.amount_due else "Resume subscription") in page


def test_resuming_early_is_the_end_of_a_chosen_length(shop, subscription, submit):
    portal = shop.portal(**pause_on({"interval": "week"}))
    submit(url_of(portal, subscription), duration="0")
    submit(url_of(portal, subscription, "resume"))
    shop.v1.subscriptions.pause(subscription.id)

    travel(shop, 10)

    assert status_of(shop, subscription) == "paused"


@pytest.mark.parametrize(
    ("answer", "status"), [("complete", "active"), ("fail", "paused")]
)
def test_the_bank_may_ask_before_a_subscription_runs_again(
    shop, submit, answer, status
):
    shop.v1.billing_portal.configurations.list()
    subscription = shop.v1.subscriptions.create(
        {
            "customer": shop.customer.id,
            "items": [{"price": shop.price.id}],
            "trial_period_days": 3,
            "trial_settings": {"end_behavior": {"missing_payment_method": "pause"}},
        }
    )
    travel(shop, 4)
    portal = shop.portal(**pause_on())
    resume = url_of(portal, subscription, "resume")

    declined = submit(resume, **a_card(DECLINED)).content.decode()
    asked = submit(resume, **a_card(ASKS))
    submit(asked.url, answer=answer)

    assert "Your card was declined." in declined
    assert status_of(shop, subscription) == status


def test_a_flow_pauses_and_says_so(shop, subscription, browser, submit):
    flow = {
        "type": "subscription_pause",
        "subscription_pause": {"subscription": subscription.id},
        "after_completion": {"type": "hosted_confirmation"},
    }
    portal = shop.portal(flow_data=flow, **pause_on())

    entered = browser.get(portal.url)
    done = submit(entered.url).content.decode()

    assert entered.url.endswith("/pause/")
    assert "Your subscription is paused" in done


def test_what_cannot_rest_is_not_offered_a_rest(shop, browser):
    subscription = shop.subscription(billing_mode={"type": "classic"})
    portal = shop.portal(**pause_on())

    home = browser.get(portal.url).content.decode()
    page = browser.get(url_of(portal, subscription))

    assert "/pause/" not in home
    assert page.status_code == 303
    assert status_of(shop, subscription) == "active"


def test_a_switched_off_pause_has_no_page(shop, subscription, browser):
    portal = shop.portal()

    pages = [
        browser.get(url_of(portal, subscription, page)).status_code
        for page in ("pause", "resume")
    ]

    assert pages == [404, 404]
