from __future__ import annotations

from decimal import Decimal

import pytest
import stripe

RECURRING = {"interval": "month"}


def test_a_product_keeps_what_it_was_given(api):
    made = api.products.create(
        {"name": "Gold", "marketing_features": [{"name": "All of it"}], "metadata": {}}
    )

    product = api.products.retrieve(made.id)
    assert product.active is True
    assert product.marketing_features[0].name == "All of it"
    assert product.livemode is False


def test_updating_a_product_says_what_changed(api, shop):
    product = api.products.create({"name": "Gold"})

    api.products.update(product.id, {"name": "Silver", "description": "Less"})

    previous = shop.last_event("product.updated").data.previous_attributes
    assert previous["name"] == "Gold"
    assert previous["description"] is None


def test_a_product_with_a_price_cannot_be_deleted(api, shop):
    price = api.prices.retrieve(shop.price())

    with pytest.raises(stripe.InvalidRequestError, match="user-created prices"):
        api.products.delete(price.product)


def test_a_product_without_a_price_can_be_deleted(api):
    product = api.products.create({"name": "Gold"})

    assert api.products.delete(product.id).deleted is True
    with pytest.raises(stripe.InvalidRequestError, match="No such product"):
        api.products.retrieve(product.id)


def test_a_default_price_is_made_with_its_product(api):
    product = api.products.create(
        {
            "name": "Gold",
            "default_price_data": {
                "currency": "eur",
                "unit_amount": 500,
                "recurring": RECURRING,
            },
            "expand": ["default_price"],
        }
    )

    assert product.default_price.unit_amount == 500
    assert product.default_price.type == "recurring"


def test_a_price_in_parts_of_a_cent_has_no_whole_amount(api, shop):
    price = api.prices.retrieve(
        shop.price(unit_amount=None, unit_amount_decimal="12.50")
    )

    assert price.unit_amount is None
    assert price.unit_amount_decimal == Decimal("12.5")


def test_other_currencies_of_a_price_show_when_asked_for(api, shop):
    price = shop.price(currency_options={"gbp": {"unit_amount": 1000}})

    plain = api.prices.retrieve(price)
    expanded = api.prices.retrieve(price, {"expand": ["currency_options"]})

    assert "currency_options" not in plain
    assert expanded.currency_options["gbp"].unit_amount == 1000


@pytest.mark.parametrize(
    ("params", "param"),
    [
        pytest.param({"unit_amount": 5}, "product", id="no product"),
        pytest.param({"product": "prod_none", "unit_amount": 5}, "product", id="404"),
        pytest.param({"product_data": {"name": "x"}}, "unit_amount", id="no amount"),
        pytest.param(
            {"product_data": {"name": "x"}, "unit_amount": -1}, "unit_amount", id="< 0"
        ),
        pytest.param(
            {
                "product_data": {"name": "x"},
                "unit_amount": 1,
                "recurring": {"interval": "year", "interval_count": 4},
            },
            "recurring[interval_count]",
            id="longer than three years",
        ),
    ],
)
def test_a_price_that_cannot_be_is_refused(api, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.prices.create({"currency": "eur", **params})

    assert refused.value.http_status == 400
    assert refused.value.param == param


def test_a_lookup_key_belongs_to_one_price_until_it_is_moved(api, shop):
    first = shop.price(lookup_key="gold")

    with pytest.raises(stripe.InvalidRequestError, match="already uses"):
        shop.price(lookup_key="gold")
    second = shop.price(lookup_key="gold", transfer_lookup_key=True)

    assert api.prices.retrieve(first).lookup_key is None
    assert [it.id for it in api.prices.list({"lookup_keys": ["gold"]})] == [second]


def test_prices_are_listed_by_product_and_interval(api, shop):
    shop.price()
    yearly = shop.price(recurring={"interval": "year"})

    found = api.prices.list({"recurring": {"interval": "year"}})

    assert [price.id for price in found] == [yearly]


def test_a_price_never_changes_its_amount(api, shop):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.prices.update(shop.price(), {"unit_amount": 1})

    assert refused.value.code == "parameter_unknown"
