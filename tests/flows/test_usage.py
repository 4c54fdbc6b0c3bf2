"""S8: what was used so far, where that stands among the steps, and the next invoice."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tools.costs import watched
from tests.tools.metering import (
    IN_THREE_STEPS,
    a_metered_price,
    by_volume,
    graduated,
    in_packages,
    metered,
    subscribed_to_calls,
    use,
)
from tests.tools.shop import a_form, buttons, sold, soup, subscribed, url, words
from wagtail_billing_portal.models import CustomerAccess, Role, Subscription
from wagtail_billing_portal.policies.offers import offer_of
from wagtail_billing_portal.sections.words import date_words
from wagtail_billing_portal.testing.stripe_side import DAY

UNPLUGGED = {"TRANSPORT": "tests.views.unplugged.Unplugged", "MAX_NETWORK_RETRIES": 0}


@pytest.fixture
def calls(stripe_side, member) -> Subscription:
    """Ada pays for API calls, in three steps."""
    return subscribed_to_calls(stripe_side, member, **graduated(*IN_THREE_STEPS))


def usage_page(browser, subscription: Subscription) -> Any:
    return browser.get(url("usage", subscription.pk))


def picture(page: Any) -> list[int]:
    """How full each step is drawn, in percent."""
    return [int(bar["width"]) for bar in soup(page).select(".billing-scale rect")]


def steps(page: Any) -> list[str]:
    """The same in words."""
    return [words(str(step)) for step in soup(page).select(".billing-scale li")]


def current(page: Any) -> str:
    return words(str(soup(page).select_one("[aria-current=step]")))


def test_usage_grows_and_picture_and_words_agree(ada, calls, stripe_side):
    use(stripe_side, calls, 1240)

    page = usage_page(ada, calls)

    assert "1,240 used so far" in words(page)
    assert "€24.80 so far, tax included" in words(page)
    assert (
        "1,240 of the first 2,000: €0.02 per call. From 2,001 on: €0.01 per call."
        in words(page)
    )
    assert picture(page) == [62, 0, 0]
    assert steps(page) == [
        "The first 2,000 €0.02 per call 1,240 used",
        "2,001 to 10,000 €0.01 per call",
        "From 10,001 on €0.005 per call",
    ]
    assert current(page) == steps(page)[0]

    use(stripe_side, calls, 2760)
    page = usage_page(ada, calls)

    assert "4,000 used so far" in words(page)
    assert (
        "The first 2,000 are used, and 2,000 of the next 8,000: €0.01 per call. "
        "From 10,001 on: €0.005 per call." in words(page)
    )
    assert picture(page) == [100, 25, 0]
    assert current(page) == steps(page)[1]

    use(stripe_side, calls, 8000)
    page = usage_page(ada, calls)

    assert "The first 10,000 are used, and 2,000 more: €0.005 per call." in words(page)
    assert picture(page)[:2] == [100, 100]
    assert 0 < picture(page)[2] < 100
    assert "€130.00 so far" in words(page)


def test_nothing_used_yet_is_a_page_too(ada, calls):
    page = usage_page(ada, calls)

    assert "0 used so far" in words(page)
    assert "The first 2,000: €0.02 per call. From 2,001 on: €0.01" in words(page)
    assert picture(page) == [0, 0, 0]
    assert current(page) == steps(page)[0]
    assert "Estimate, tax included €0.00" in words(page)


def test_the_way_to_it_is_on_the_card_and_on_the_subscriptions_page(ada, calls):
    there = url("usage", calls.pk)

    card, detail = ada.get(url("overview")), ada.get(url("subscription", calls.pk))

    assert "Usage API calls · monthly" in buttons(card)
    assert soup(detail).find("a", href=there).text == "See your usage"
    assert soup(usage_page(ada, calls)).find("a", string="Back to API calls")
    assert "Depends on use" in words(detail)


def test_the_ways_to_it_ask_stripe_for_nothing_and_the_page_for_one_preview(ada, calls):
    with watched() as cost:
        ada.get(url("overview"))
        ada.get(url("subscription", calls.pk))
    assert cost.requests == []

    with watched() as cost:
        usage_page(ada, calls)
    assert cost.requests == ["POST /v1/invoices/create_preview"]


def test_without_stripe_the_page_says_so_and_still_says_what_it_costs(
    ada, calls, settings
):
    settings.WAGTAIL_BILLING_PORTAL = {**settings.WAGTAIL_BILLING_PORTAL, **UNPLUGGED}

    page = usage_page(ada, calls)

    assert page.status_code == 200
    assert "How much you have used can't be shown now." in words(page)
    assert steps(page)[0] == "The first 2,000 €0.02 per call"
    assert picture(page) == []
    assert "used so far" not in words(page)
    assert "Estimate" not in words(page)


def test_a_viewer_sees_it(client, make_member, calls, stripe_side):
    use(stripe_side, calls, 10)
    grace = make_member("grace")
    CustomerAccess.objects.create(
        user=grace,
        customer_id=calls.customer_id,
        stripe_account="default",
        role=Role.VIEWER,
    )
    client.force_login(grace)

    assert "10 used so far" in words(usage_page(client, calls))


def test_who_subscribes_to_what_is_counted_starts_at_nothing(
    ada, stripe_side, customer
):
    price = a_metered_price(stripe_side, **graduated(*IN_THREE_STEPS))
    order = a_form(offer=offer_of(price.pk))
    checkout = ada.post(url("subscribe"), order)
    done = stripe_side.pay(checkout["Location"]).redirect_url

    ada.get(done.removeprefix("http://testserver"))

    calls = Subscription.objects.get()
    assert calls.grants_access
    assert "0 used so far" in words(usage_page(ada, calls))


def test_what_is_not_counted_has_no_such_page(ada, subscription):
    assert usage_page(ada, subscription).status_code == 404
    assert "usage" not in words(ada.get(url("subscription", subscription.pk)))


def test_by_volume_all_cost_what_the_last_one_does(ada, stripe_side, member):
    calls = subscribed_to_calls(stripe_side, member, **by_volume(*IN_THREE_STEPS))
    use(stripe_side, calls, 4000)

    page = usage_page(ada, calls)

    assert "€40.00 so far" in words(page)
    assert (
        "All 4,000 are charged alike: €0.01 per call. With more than 10,000, all of "
        "them are charged: €0.005 per call." in words(page)
    )
    assert picture(page) == [100, 25, 0]
    assert steps(page) == [
        "Up to 2,000 €0.02 per call",
        "2,001 to 10,000 €0.01 per call 4,000 used",
        "10,001 or more €0.005 per call",
    ]
    assert current(page) == steps(page)[1]


def test_packages_are_counted_by_the_begun_one(ada, stripe_side, member):
    calls = subscribed_to_calls(stripe_side, member, **in_packages(400, 100))
    use(stripe_side, calls, 240)

    page = usage_page(ada, calls)

    assert "240 used so far" in words(page)
    assert "€12.00 so far" in words(page)
    assert "3 packages of 100 are begun: €4.00 for every 100." in words(page)
    assert steps(page) == ["Package 3 €4.00 for every 100 40 of 100 used"]
    assert picture(page) == [40]


def test_flat_fees_are_said_beside_what_each_unit_costs(ada, stripe_side, member):
    tiers = [
        {"up_to": 100, "flat_amount": 500, "unit_amount": 0},
        {"up_to": "inf", "flat_amount": 100, "unit_amount": 3},
    ]
    calls = subscribed_to_calls(stripe_side, member, **graduated(*tiers))
    use(stripe_side, calls, 101)

    page = usage_page(ada, calls)

    assert "101 used so far" in words(page)
    assert "€6.03 so far" in words(page)
    assert steps(page) == [
        "The first 100 a flat €5.00 100 used",
        "From 101 on a flat €1.00, and €0.03 per call 1 used",
    ]


def test_within_a_flat_fee_stripe_counts_nothing_and_the_page_says_so(
    ada, stripe_side, member
):
    tiers = [
        {"up_to": 100, "flat_amount": 500},
        {"up_to": "inf", "unit_amount": 3},
    ]
    calls = subscribed_to_calls(stripe_side, member, **graduated(*tiers))
    use(stripe_side, calls, 40)

    page = usage_page(ada, calls)

    assert "€5.00 so far" in words(page)
    assert "A flat fee covers this, so that nothing is counted here." in words(page)

    use(stripe_side, calls, 70)
    assert "110 used so far" in words(usage_page(ada, calls))


def test_what_has_one_price_for_all_needs_no_picture(ada, stripe_side, member):
    calls = subscribed_to_calls(stripe_side, member, unit_amount=3)
    use(stripe_side, calls, "123456789.5")

    page = usage_page(ada, calls)

    assert "123,456,789.5 used so far" in words(page)
    assert "€0.03 per call." in words(page)
    assert picture(page) == []


def test_two_things_are_counted_beside_a_plan(ada, stripe_side, member):
    stripe_side.stop_clock()
    (plan,) = sold(stripe_side, 1200, product="Supporter")
    (pages,) = sold(stripe_side, 0, **metered(stripe_side, unit_amount=2))
    (more,) = sold(stripe_side, 0, **metered(stripe_side, **graduated(*IN_THREE_STEPS)))
    held = subscribed(
        stripe_side,
        member,
        plan,
        items=[{"price": it.pk} for it in (plan, pages, more)],
    )
    use(stripe_side, held, 50)

    page = usage_page(ada, held)

    assert words(page).count("50 used so far") == 2
    assert (
        "API calls €1.00 1 × Supporter (at €12.00 / month) €12.00 "
        "Estimate, tax included €14.00" in words(page)
    )


def test_a_free_trial_says_that_usage_costs_nothing(ada, stripe_side, member):
    calls = subscribed_to_calls(
        stripe_side, member, params={"trial_period_days": 14}, unit_amount=3
    )
    use(stripe_side, calls, 50)

    page = usage_page(ada, calls)

    assert "What you use during your free trial costs nothing." in words(page)
    assert "used so far" not in words(page)
    assert "when your free trial ends." in words(page)
    assert "Estimate, tax included €0.00" in words(page)


def test_the_last_invoice_of_what_ends_is_called_that(ada, calls, stripe_side):
    stripe_side.client.v1.subscriptions.update(calls.pk, {"cancel_at_period_end": True})
    stripe_side.deliver_all()
    use(stripe_side, calls, 10)

    page = usage_page(ada, calls)

    assert "Your last invoice, estimated" in words(page)
    assert (
        "Too little to charge, added to a later invoice -€0.20 Estimate, tax included €0.00"
        in words(page)
    )

    stripe_side.cancel(calls.pk)
    stripe_side.deliver_all()
    page = usage_page(ada, calls)

    assert "This subscription has ended." in words(page)
    assert "Usage" not in " ".join(buttons(ada.get(url("overview"))))


def test_what_ends_later_has_an_ordinary_invoice_before(ada, calls, stripe_side):
    in_half_a_year = stripe_side.world.now + 180 * DAY
    stripe_side.client.v1.subscriptions.update(calls.pk, {"cancel_at": in_half_a_year})
    stripe_side.deliver_all()
    calls.refresh_from_db()

    page = usage_page(ada, calls)

    assert "Your next invoice, estimated" in words(page)
    assert f"It comes on {date_words(calls.current_period_end)}." in words(page)


def test_while_it_is_paused_no_invoice_is_to_come(ada, calls, stripe_side):
    use(stripe_side, calls, 10)
    stripe_side.client.v1.subscriptions.pause(calls.pk, {"type": "subscription"})
    stripe_side.deliver_all()

    page = usage_page(ada, calls)

    assert "While your subscription is paused, no invoice is to come." in words(page)
    assert "Estimate" not in words(page)
    assert "Counted from" not in words(page)


def test_what_is_charged_at_another_time_is_not_in_the_next_invoice(
    ada, stripe_side, member
):
    stripe_side.stop_clock()
    (plan,) = sold(stripe_side, 1200, product="Supporter")
    yearly = metered(stripe_side, unit_amount=2)
    yearly["recurring"]["interval"] = "year"
    (pages,) = sold(stripe_side, 0, **yearly)
    held = subscribed(
        stripe_side,
        member,
        plan,
        items=[{"price": plan.pk}, {"price": pages.pk}],
        billing_mode={"type": "flexible"},
    )
    use(stripe_side, held, 50)

    page = usage_page(ada, held)

    assert "The next invoice doesn't charge this yet." in words(page)
    assert "Estimate, tax included €12.00" in words(page)


def test_in_another_currency_the_steps_are_that_currencys(ada, stripe_side, member):
    dollars = [
        {"up_to": 2000, "unit_amount": 3},
        {"up_to": "inf", "unit_amount": 2},
    ]
    terms = graduated(*IN_THREE_STEPS) | {
        "currency_options": {"usd": {"tiers": dollars}}
    }
    calls = subscribed_to_calls(
        stripe_side, member, params={"currency": "usd"}, **terms
    )
    use(stripe_side, calls, 2100)

    page = usage_page(ada, calls)

    assert "$62.00 so far" in words(page)
    assert "2,100 used so far" in words(page)
    assert steps(page)[0] == "The first 2,000 $0.03 per call 2,000 used"
