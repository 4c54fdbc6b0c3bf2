from __future__ import annotations

import pytest
import stripe


@pytest.fixture
def price(api) -> stripe.Price:
    product = api.products.create({"name": "Gold"})
    return api.prices.create(
        {
            "currency": "eur",
            "unit_amount": 1200,
            "product": product.id,
            "recurring": {"interval": "month"},
        }
    )


def test_a_reference_becomes_the_object_only_when_asked_for(api, price):
    plain = api.prices.retrieve(price.id)

    expanded = api.prices.retrieve(price.id, {"expand": ["product"]})

    assert plain.product == price.product
    assert expanded.product.name == "Gold"


def test_references_are_followed_through_lists_and_objects(api, price):
    api.products.update(price.product, {"default_price": price.id})

    page = api.prices.list({"expand": ["data.product.default_price"]})

    assert page.data[0].product.default_price.id == price.id


def test_a_deleted_object_expands_to_its_tombstone(api):
    customer = api.customers.create()
    method = api.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    api.customers.delete(customer.id)

    found = api.payment_methods.retrieve(method.id, {"expand": ["customer"]})

    assert found.customer is None or found.customer.deleted is True


def test_fields_that_stripe_omits_are_added_when_asked_for(api, price):
    plain = api.prices.retrieve(price.id)

    expanded = api.prices.retrieve(price.id, {"expand": ["currency_options"]})

    assert "currency_options" not in plain
    assert expanded.currency_options["eur"].unit_amount == 1200


def test_a_created_object_can_be_expanded_at_once(api):
    product = api.products.create(
        {
            "name": "Gold",
            "default_price_data": {"currency": "eur", "unit_amount": 5},
            "expand": ["default_price"],
        }
    )

    assert product.default_price.unit_amount == 5


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("unit_amount", id="not a reference"),
        pytest.param("nonsense", id="not a field"),
        pytest.param("product.name", id="not a reference further in"),
        pytest.param("data.product", id="not a list"),
        pytest.param("product.default_price.product.default_price.product", id="deep"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(api, price, path):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.prices.retrieve(price.id, {"expand": [path]})

    assert refused.value.param == "expand"


def test_a_refused_path_changes_nothing(api):
    with pytest.raises(stripe.InvalidRequestError):
        api.products.create({"name": "Gold", "expand": ["name"]})

    assert api.products.list().data == []


def test_of_a_deleted_object_there_is_nothing_to_expand(api):
    customer = api.customers.create().id
    api.customers.delete(customer)

    found = api.customers.retrieve(customer, {"expand": ["sources", "default_source"]})

    assert found.to_dict() == {"id": customer, "object": "customer", "deleted": True}
