"""Programs written for an earlier API version say the same in other words."""

from __future__ import annotations

import json

import pytest
import stripe

from wagtail_billing_portal.sandbox.contract import API_VERSION
from wagtail_billing_portal.sandbox.dispatch import handle
from wagtail_billing_portal.sandbox.legacy import translate

from .conftest import KEY

EARLIER = {"stripe_version": "2025-07-30.basil"}
PRICE = {"currency": "EUR", "unit_amount": 900, "recurring": {"interval": "month"}}
GOLD = {"0": {"coupon": "GOLD"}}
CARD = {"0": "card"}


@pytest.fixture
def price(api) -> str:
    return api.prices.create({**PRICE, "product_data": {"name": "Gold"}}).id


@pytest.mark.parametrize(
    ("request_", "said", "meant"),
    [
        pytest.param(
            "POST /v1/subscriptions",
            {"coupon": "GOLD"},
            {"discounts": GOLD},
            id="a coupon",
        ),
        pytest.param(
            "POST /v1/subscriptions/sub_1",
            {"promotion_code": "promo_1"},
            {"discounts": {"0": {"promotion_code": "promo_1"}}},
            id="a promotion code",
        ),
        pytest.param(
            "POST /v1/subscriptions/sub_1",
            {"coupon": ""},
            {"discounts": ""},
            id="no coupon any more",
        ),
        pytest.param(
            "POST /v1/subscriptions",
            {"plan": "price_1", "quantity": "2"},
            {"items": {"0": {"price": "price_1", "quantity": "2"}}},
            id="so many of a plan",
        ),
        pytest.param(
            "POST /v1/checkout/sessions",
            {"coupon": "OLD", "discounts": GOLD},
            {"coupon": "OLD", "discounts": GOLD},
            id="both words at once are left to be refused",
        ),
        pytest.param(
            "POST /v1/invoices/create_preview",
            {"coupon": "GOLD"},
            {"discounts": GOLD},
            id="a previewed coupon",
        ),
        pytest.param(
            "POST /v1/promotion_codes",
            {"coupon": "GOLD", "code": "LOAF"},
            {"promotion": {"type": "coupon", "coupon": "GOLD"}, "code": "LOAF"},
            id="a promotion",
        ),
        *(
            pytest.param(
                f"POST /v1/{path}",
                {"payment_method_types": CARD},
                {"allowed_payment_method_types": CARD},
                id=f"types of {path}",
            )
            for path in (
                "payment_intents",
                "payment_intents/pi_1/confirm",
                "setup_intents/seti_1",
                "checkout/sessions",
            )
        ),
        pytest.param(
            "POST /v1/checkout/sessions",
            {"ui_mode": "embedded"},
            {"ui_mode": "embedded_page"},
            id="a mode",
        ),
        pytest.param(
            "POST /v1/subscriptions/sub_1/resume",
            {"billing_cycle_anchor": "now"},
            {"billing_cycle_anchor": {"type": "now"}},
            id="an anchor",
        ),
        pytest.param(
            "POST /v1/subscriptions",
            {"plan": "gold"},
            {"items": {"0": {"price": "gold"}}},
            id="a plan",
        ),
        pytest.param(
            "POST /v1/subscriptions/sub_1",
            {"items": {"0": {"id": "si_1", "plan": "gold"}}},
            {"items": {"0": {"id": "si_1", "price": "gold"}}},
            id="an item's plan",
        ),
        pytest.param(
            "POST /v1/subscriptions/sub_1",
            {"prorate": "false"},
            {"proration_behavior": "none"},
            id="no proration",
        ),
        pytest.param(
            "POST /v1/subscriptions/sub_1",
            {"plan": "gold", "prorate": "perhaps"},
            {"plan": "gold", "prorate": "perhaps"},
            id="what would mean something else is left to be refused",
        ),
        pytest.param(
            "POST /v1/subscription_schedules",
            {"phases": {"0": {"iterations": "3"}}},
            {
                "phases": {
                    "0": {"duration": {"interval": "month", "interval_count": "3"}}
                }
            },
            id="iterations",
        ),
        pytest.param(
            "POST /v1/invoiceitems",
            {"price": "price_1"},
            {"pricing": {"price": "price_1"}},
            id="an item's price",
        ),
        pytest.param(
            "POST /v1/invoiceitems",
            {"unit_amount": "0"},
            {"unit_amount_decimal": "0"},
            id="an item's amount",
        ),
        pytest.param(
            "GET /v1/subscriptions",
            {"price": "price_1", "plan": "gold"},
            {"price": "price_1", "plan": "gold"},
            id="a question stays as it is",
        ),
        pytest.param(
            "POST /v1/customers",
            {"coupon": "GOLD"},
            {"coupon": "GOLD"},
            id="what is gone is left to be refused",
        ),
    ],
)
def test_what_was_said_then_is_what_is_meant_today(request_, said, meant):
    method, path = request_.split()
    before = json.loads(json.dumps(said))

    assert translate(method, path, said) == meant
    assert translate(method, path, meant) == meant
    assert said == before


@pytest.mark.parametrize(
    ("version", "status"),
    [
        ("2019-12-03", 200),
        ("2024-06-20", 200),
        ("2025-03-31.basil", 200),
        (API_VERSION, 400),
        ("yesterday", 400),
    ],
)
def test_only_programs_of_then_are_translated_for(db, version, status):
    headers = {"Authorization": f"Bearer {KEY}", "Stripe-Version": version}
    card = "payment_method_types[]=card"

    sent = f"amount=500&currency=eur&{card}"

    assert handle("POST", "/v1/payment_intents", headers, sent).status == status


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("checkout/sessions", "ui_mode[a]=embedded"),
        ("subscriptions/sub_1", "prorate[a]=false"),
        ("subscriptions", "coupon[a]=GOLD&plan[a]=gold&items=5"),
        ("subscription_schedules", "phases[0]=5&phases[1][iterations][a]=1"),
        ("payment_intents", "payment_method_types=card&billing_cycle_anchor[a]=now"),
    ],
)
def test_odd_old_words_are_refused_like_any_others(db, path, sent):
    headers = {"Authorization": f"Bearer {KEY}"}

    assert handle("POST", f"/v1/{path}", headers, sent).status == 400


def test_a_subscription_to_one_plan_changes_without_naming_its_item(api, price):
    customer = api.customers.create({"payment_method": "pm_card_visa"})
    method = api.payment_methods.list({"customer": customer.id}).data[0].id
    order = {"customer": customer.id, "items": [{"price": price}]}
    made = api.subscriptions.create({**order, "default_payment_method": method})

    api.subscriptions.update(made.id, {"quantity": 3}, EARLIER)
    found = api.subscriptions.update(made.id, {"plan": price, "quantity": 4}, EARLIER)

    assert [it.quantity for it in found["items"].data] == [4]
    for wrong in ({"quantity": "many"}, {"quantity": 1, "items": [{"price": price}]}):
        with pytest.raises(stripe.InvalidRequestError):
            api.subscriptions.update(made.id, wrong, EARLIER)
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter: quantity"):
        api.subscriptions.update(made.id, {"quantity": 3})


def test_of_several_items_one_has_to_be_named(api, price):
    customer = api.customers.create({"balance": -100_000}).id
    other = api.prices.create({**PRICE, "product_data": {"name": "Silver"}}).id
    order = {"customer": customer, "items": [{"price": price}, {"price": other}]}
    made = api.subscriptions.create(order)

    with pytest.raises(stripe.InvalidRequestError, match="several items"):
        api.subscriptions.update(made.id, {"quantity": 3}, EARLIER)
