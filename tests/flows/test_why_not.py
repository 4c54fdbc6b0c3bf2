"""What can't be done is explained, beside what can, with the way out."""

from __future__ import annotations

import pytest
from wagtail.models import Page

from tests.tools.groups import group
from tests.tools.metering import a_metered_price
from tests.tools.shop import (
    buttons,
    soup,
    subscribed,
    the_settings,
    the_site,
    url,
    words,
)
from wagtail_billing_portal.adapter import DefaultBillingAdapter
from wagtail_billing_portal.models import Subscription

OTHER_KIND = "This plan is charged in another way. Please contact us to switch."


class NeverAgain(DefaultBillingAdapter):
    """Nobody subscribes a second time."""

    def why_not_subscribe(self, user, price, current):
        return "This plan is for newcomers."


@pytest.fixture
def contact_page(db) -> Page:
    page = the_site().root_page.add_child(instance=Page(title="Write", slug="write"))
    the_settings(contact_page=page)
    return page


@pytest.fixture
def plans_page(db) -> Page:
    page = the_site().root_page.add_child(instance=Page(title="Plans", slug="plans"))
    the_settings(plans_page=page)
    return page


@pytest.fixture
def by_use(ada, member, stripe_side, shop) -> Subscription:
    """What is counted, in one group with what is bought."""
    price = a_metered_price(stripe_side, unit_amount=2)
    group(price.pk, shop.supporter)
    return subscribed(stripe_side, member, price)


@pytest.fixture
def ended(ada, subscription, stripe_side) -> Subscription:
    stripe_side.cancel(subscription.pk)
    stripe_side.deliver_all()
    return subscription


def detail(ada, subscription):
    return ada.get(url("subscription", subscription.pk))


def test_d2_a_button_beside_it_hides_no_reason(ada, by_use):
    the_settings(offer_pause=True)

    page = detail(ada, by_use)

    assert "Pause" in buttons(page)
    assert OTHER_KIND in words(page)


def test_each_reason_is_read_once(ada, subscription, stripe_side):
    the_settings(offer_pause=True)
    stripe_side.client.v1.subscriptions.update(
        subscription.pk, {"pause_collection": {"behavior": "void"}}
    )
    stripe_side.deliver_all()

    page = words(detail(ada, subscription))

    assert page.count("Resume it first; then you can change it.") == 1


def test_whoever_is_to_contact_us_is_shown_where(ada, by_use, contact_page):
    page = soup(detail(ada, by_use))

    [beside] = [it for it in page.select("p.billing-muted") if OTHER_KIND in it.text]
    assert beside.a["href"] == contact_page.get_url()
    assert page.select("footer a")[-1]["href"] == contact_page.get_url()


def test_without_a_page_for_it_there_is_no_such_link(ada, by_use):
    assert "Contact us" not in words(detail(ada, by_use))


def test_other_reasons_lead_to_nobody(ada, subscription, contact_page, stripe_side):
    stripe_side.stop_paying(subscription.customer_id)
    stripe_side.advance(days=32)
    stripe_side.deliver_all()

    page = soup(detail(ada, subscription))

    assert "A payment is open. Pay it first" in words(str(page))
    assert not page.select("p.billing-muted a")


def test_after_the_end_there_is_the_same_plan_or_another(ada, ended, plans_page):
    page = detail(ada, ended)

    assert buttons(page) == ["Subscribe again", "See the plans"]


def test_who_has_another_by_now_reads_so(ada, ended, plans_page, customer, stripe_side):
    stripe_side.subscribe(customer, ended.price.pk)
    stripe_side.deliver_all()

    page = detail(ada, ended)

    assert "You already have a subscription." in words(page)
    assert buttons(page) == []


def test_who_may_not_have_it_again_reads_why_and_may_have_another(
    ada, ended, plans_page, settings
):
    settings.WAGTAIL_BILLING_PORTAL = {
        **settings.WAGTAIL_BILLING_PORTAL,
        "ADAPTER": f"{__name__}.{NeverAgain.__name__}",
    }

    page = detail(ada, ended)

    assert "This plan is for newcomers." in words(page)
    assert buttons(page) == ["See the plans"]


def test_where_nothing_is_sold_nothing_is_said_of_it(ada, ended, plans_page):
    the_settings(offer_subscribe=False)

    page = detail(ada, ended)

    assert buttons(page) == []
    assert "offer" not in words(page)
