from __future__ import annotations

import pytest

from tests.tools.metering import (
    IN_THREE_STEPS,
    a_metered_price,
    by_volume,
    graduated,
)
from tests.tools.shop import (
    account_of_user,
    asked_by,
    buttons,
    sold,
    sold_too,
    soup,
    subscribed,
    the_settings,
    url,
    words,
)
from wagtail_billing_portal.policies.offers import price_of
from wagtail_billing_portal.sections import Plan, PlansSection


@pytest.fixture
def plans(stripe_side) -> list[Plan]:
    """Reader, monthly and yearly; Supporter, monthly."""
    (monthly,) = sold(stripe_side, 500, product="Reader")
    yearly = sold_too(stripe_side, monthly, 5000, "year")
    (supporter,) = sold(stripe_side, 1200, product="Supporter")
    return [Plan(prices=[monthly, yearly]), Plan(prices=[supporter])]


def shown(plans, user=None, path="/plans/", **options) -> str:
    section = PlansSection(account_of_user(user), plans, **options)
    return section.render_html({"request": asked_by(user, path)})


def test_a_visitor_chooses_and_is_asked_to_log_in(plans):
    html = shown(plans, path="/plans/?interval=year")

    assert buttons(html) == ["Choose Reader", "Choose Supporter"]
    assert (
        "next=%2Fplans%2F%3Finterval%3Dyear"
        in soup(html).a.find_next("a", "billing-button")["href"]
    )
    assert words(html).count("Log in or sign up to subscribe.") == 1


def test_plans_keep_the_editors_order_whatever_their_number(plans):
    html = shown([*reversed(plans), *plans])

    names = [it.text for it in soup(html).select(".billing-name")]
    assert names == ["Supporter", "Reader", "Reader", "Supporter"]


def test_the_switch_shows_each_plan_at_its_price(plans):
    yearly = shown(plans, path="/plans/?interval=year&page=2")

    assert "€50 a year" in words(yearly)
    assert "€12 a month" in words(yearly)
    current = soup(yearly).select_one("[aria-current]")
    assert (current.text, current["href"]) == ("Yearly", "?page=2&interval=year")


def test_without_a_wish_the_editors_interval_is_shown(plans):
    assert "€5 a month" in words(shown(plans))
    assert "€50 a year" in words(shown(plans, default_interval="year"))
    assert "€5 a month" in words(shown(plans, path="/plans/?interval=fortnight"))


def test_one_interval_needs_no_switch(plans):
    assert soup(shown(plans)).select("nav")
    assert not soup(shown(plans[1:])).select("nav")


def test_a_member_subscribes_by_a_form_that_comes_back_here(plans, member):
    html = shown(plans, member, path="/plans/")

    form = soup(html).form
    sent = {field["name"]: field["value"] for field in form.select("input")}
    assert (form["method"], form["action"]) == ("post", url("subscribe"))
    assert price_of(sent["offer"]) == plans[0].prices[0].pk
    assert sent["next"] == "/plans/"
    assert len(sent["key"]) == 32


def test_what_a_member_has_is_theirs_to_manage(plans, member, stripe_side):
    subscription = subscribed(stripe_side, member, plans[0].prices[0])

    html = shown(plans, member, path="/plans/?interval=year")

    assert buttons(html) == ["Manage Reader"]
    assert soup(html).select_one(".billing-button")["href"] == url(
        "subscription", subscription.pk
    )
    assert "Your plan" in words(html)
    assert "You pay €5.00 a month." in words(html)
    assert "You already have a subscription." in words(html)


def test_a_price_withdrawn_at_stripe_is_left_out(plans, stripe_side):
    gone, kept = plans[0].prices
    gone.active = False
    plans[1].prices[0].product.active = False

    html = shown(plans)

    assert "€50 a year" in words(html)
    assert "Supporter" not in words(html)


def test_nothing_for_sale_is_said(stripe_side):
    assert "nothing to subscribe to" in words(shown([Plan(prices=[])]))


def test_switched_off_there_are_prices_only(plans, member):
    the_settings(offer_subscribe=False)

    for user in (None, member):
        html = shown(plans, user)
        assert "€5 a month" in words(html)
        assert buttons(html) == []
        assert "offer" not in words(html)


def test_what_the_editor_wrote_stands_before_what_stripe_knows(plans):
    plan = Plan(
        prices=plans[0].prices,
        name="Breakfast",
        description="Rolls included",
        features=["Rolls", "Jam"],
        badge="New",
        call_to_action="Have breakfast",
        is_highlighted=True,
    )

    html = shown([plan, plans[1]])

    for text in ("Breakfast", "Rolls included", "Jam", "New"):
        assert text in words(html)
    quiet = [it.text for it in soup(html).select(".billing-button--quiet")]
    assert buttons(html) == ["Have breakfast", "Choose Supporter"]
    assert quiet == ["Choose Supporter"]


def test_the_products_own_features_are_the_default(stripe_side):
    (price,) = sold(stripe_side, 500, product="Reader")
    stripe_side.client.v1.products.update(
        price.product_id, {"marketing_features": [{"name": "Archive"}]}
    )
    stripe_side.deliver_all()
    price.refresh_from_db()

    assert "Archive" in words(shown([Plan(prices=[price])]))


def test_without_anybody_asking_the_plans_are_still_there(plans):
    html = PlansSection(None, plans).render_html()

    assert "€5 a month" in words(html)
    assert buttons(html) == []


def test_a_price_is_free_or_depends_on_use_in_words(stripe_side):
    (free,) = sold(stripe_side, 0, product="Free")
    free_words = words(shown([Plan(prices=[free])]))
    free.unit_amount = None
    free.data |= {"unit_amount": None, "unit_amount_decimal": None}

    assert "Free Free Choose Free" in free_words
    assert "Depends on use" in words(shown([Plan(prices=[free])]))


def test_what_is_counted_has_a_price_for_one(stripe_side):
    calls = a_metered_price(stripe_side, unit_amount=3)

    said = words(shown([Plan(prices=[calls])]))

    assert "API calls €0.03 per call tax included Choose API calls" in said


def test_steps_are_said_one_by_one(stripe_side):
    calls = a_metered_price(stripe_side, **graduated(*IN_THREE_STEPS))
    (seats,) = sold(
        stripe_side,
        0,
        product="Seats",
        **by_volume(
            {"up_to": 5, "unit_amount": 700}, {"up_to": "inf", "unit_amount": 600}
        ),
    )

    html = shown([Plan(prices=[calls]), Plan(prices=[seats])])

    assert (
        "Depends on use tax included The first 2,000: €0.02 per call "
        "2,001 to 10,000: €0.01 per call From 10,001 on: €0.005 per call" in words(html)
    )
    assert "€7 a month tax included Up to 5: €7.00 each 6 or more" in words(html)


def test_a_page_that_shows_no_messages_still_tells_what_went_wrong(
    plans, client, member
):
    client.force_login(member)
    request = client.post(url("subscribe"), {}).wsgi_request

    html = PlansSection(account_of_user(member), plans).render_html(
        {"request": request}
    )

    assert "That form was incomplete." in words(html)


def test_a_member_reads_what_they_pay_in(stripe_side, member):
    """Also of a price whose own currency is another one."""
    dollars = {"usd": {"unit_amount": 900, "tax_behavior": "exclusive"}}
    (reader,) = sold(stripe_side, 500, product="Reader", currency_options=dollars)
    (supporter,) = sold(stripe_side, 1200, product="Supporter")
    held = subscribed(stripe_side, member, reader, currency="usd")
    stripe_side.cancel(held.pk)
    stripe_side.deliver_all()
    plans = [Plan(prices=[reader]), Plan(prices=[supporter])]

    assert "Reader $9 a month plus tax" in words(shown(plans, member))
    assert "Supporter €12 a month tax included" in words(shown(plans, member))
    assert "Reader €5 a month tax included" in words(shown(plans))
