"""Who is refused before anything else is asked, and what limits the editor sets."""

from __future__ import annotations

import pytest

from tests.policies.acts import (
    ACTS,
    GROUPS,
    PRINT,
    READER,
    SUPPORTER,
    Kind,
    Someone,
    a_group,
    a_price,
)
from wagtail_billing_portal.models import Customer, PortalSettings, Subscription
from wagtail_billing_portal.policies.plans import options_for
from wagtail_billing_portal.policies.subscriptions import (
    may_cancel,
    may_cancel_now,
    may_change_plan,
    may_change_quantity,
    may_pause,
)

FEATURES = {
    "offer_change_plan": ["change plan", "add an item", "remove an item"],
    "offer_change_quantity": ["change quantity"],
    "offer_cancel": ["cancel at the end", "cancel at once"],
    "offer_pause": ["pause"],
    "offer_promotion_codes": ["apply a code"],
    "offer_subscribe": ["subscribe again"],
}


def offering(**fields: object) -> Someone:
    return Someone(settings=PortalSettings(**{"offer_pause": True, **fields}))


@pytest.fixture
def supporter() -> Subscription:
    return Kind().subscription()


@pytest.mark.parametrize("act", ACTS)
def test_somebody_elses_is_not_to_be_found(act, supporter):
    eve = Someone(customer=Customer(id="cus_eve"))
    nobody = Someone(role=None, customer=None)

    assert ACTS[act](eve, supporter).code == "not_yours"
    assert ACTS[act](nobody, supporter).code == "no_customer"


@pytest.mark.parametrize(
    ("switch", "act"), [(it, act) for it, acts in FEATURES.items() for act in acts]
)
def test_what_is_switched_off_is_denied(switch, act):
    someone = offering(**{switch: False})

    for kind in (Kind(), Kind(is_ending=True), Kind("paused"), Kind("canceled")):
        answer = ACTS[act](someone, kind.subscription())
        assert answer.code in ("not_offered", "running", "ended")


@pytest.mark.parametrize(
    ("mode", "at_the_end", "at_once"),
    [
        ("at_period_end", "", "not_at_once"),
        ("immediately", "at_once", ""),
        ("either", "", ""),
    ],
)
def test_the_editor_says_when_a_cancelled_one_ends(
    mode, at_the_end, at_once, supporter
):
    someone = offering(cancel_mode=mode)

    assert may_cancel(someone, supporter).code == at_the_end
    assert may_cancel_now(someone, supporter).code == at_once
    assert may_cancel_now(someone, Kind("paused").subscription())


def test_a_status_of_next_year_opens_nothing_by_accident():
    unknown = Kind("invented_next_year").subscription()

    assert not unknown.grants_access
    assert may_cancel(Someone(), unknown)


def test_d7_a_plan_that_is_taxed_otherwise_is_not_switched_to(supporter):
    """Limit D7, kept: the new price needs the same tax behaviour."""
    exclusive, unknown = a_price("exclusive"), a_price("unknown")
    exclusive.data["tax_behavior"] = "exclusive"
    unknown.data["tax_behavior"] = "unspecified"
    someone = Someone(plan_groups=[a_group(SUPPORTER, exclusive, unknown)])

    codes = [
        may_change_plan(someone, supporter, supporter.first_item, price).code
        for price in (exclusive, unknown)
    ]

    assert codes == ["other_tax", "tax_unknown"]


def test_d8_two_prices_of_one_product_and_interval_may_stand_side_by_side(supporter):
    """Limit D8, lifted: what is chosen is a price, by its id."""
    old = a_price("old")
    old.product, old.product_id = SUPPORTER.product, SUPPORTER.product_id
    someone = Someone(plan_groups=[a_group(SUPPORTER, old)])

    [option] = options_for(someone, supporter, supporter.first_item)

    assert option.price is old
    assert option.decision


def test_d10_more_than_ten_products_may_be_offered(supporter):
    """Limit D10, lifted."""
    many = [a_price(f"plan{n}") for n in range(25)]
    someone = Someone(plan_groups=[a_group(SUPPORTER, *many)])

    options = options_for(someone, supporter, supporter.first_item)

    assert len([it for it in options if it.decision]) == 25


def test_d25_a_plan_in_another_currency_is_not_switched_to(supporter):
    """Limit D25, kept: one currency a customer. Nor is it shown."""
    dollars = a_price("dollars")
    dollars.currency = "usd"
    someone = Someone(plan_groups=[a_group(SUPPORTER, dollars)])

    decision = may_change_plan(someone, supporter, supporter.first_item, dollars)

    assert decision.code == "other_currency"
    assert options_for(someone, supporter, supporter.first_item) == []


def test_plans_of_other_groups_and_extras_are_not_switched_to(supporter):
    someone = Someone(plan_groups=[*GROUPS, a_group(a_price("elsewhere"))])
    elsewhere = someone.plan_groups[-1].plans.all()[0].price

    for price in (elsewhere, PRINT):
        decision = may_change_plan(someone, supporter, supporter.first_item, price)
        assert decision.code == "not_in_group"


@pytest.mark.parametrize(
    ("quantity", "code"),
    [(1, ""), (9, ""), (2, "same_quantity"), (0, "too_few"), (10, "too_many")],
)
def test_a_quantity_has_bounds(supporter, quantity, code):
    item = supporter.first_item

    assert may_change_quantity(Someone(), supporter, item, quantity).code == code


def test_a_subscription_is_paused_only_so_often_a_year(supporter):
    limited = offering(pauses_a_year=2)
    assert may_pause(limited, supporter)

    limited.pauses = 2

    assert may_pause(limited, supporter).code == "paused_often"


def test_who_keeps_an_old_price_may_switch_to_the_new_ones_of_its_plan(supporter):
    old = a_price("reader_2019", amount=300)
    old.product, old.product_id = READER.product, READER.product_id
    supporter.first_item.price = old

    prices = {
        it.price for it in options_for(Someone(), supporter, supporter.first_item)
    }

    assert {READER, SUPPORTER} <= prices
