from __future__ import annotations

import pytest
import stripe

from wagtail_billing_portal.sandbox.contract import API_VERSION
from wagtail_billing_portal.sandbox.events import previous_attributes


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param({"a": 1}, {"a": 1}, {}, id="nothing"),
        pytest.param({"a": 1, "b": 2}, {"a": 9, "b": 2}, {"a": 1}, id="one value"),
        pytest.param(
            {"a": {"x": 1, "y": 2}},
            {"a": {"x": 1, "y": 9}},
            {"a": {"y": 2}},
            id="inside an object",
        ),
        pytest.param({"a": [1, 2]}, {"a": [1]}, {"a": [1, 2]}, id="a whole list"),
        pytest.param({"a": {}}, {"a": {"k": "v"}}, {"a": {"k": None}}, id="a new key"),
        pytest.param({"a": {"k": "v"}}, {"a": {}}, {"a": {"k": "v"}}, id="a lost key"),
        pytest.param({"a": None}, {"a": {"x": 1}}, {"a": None}, id="null before"),
        pytest.param({"a": {"x": 1}}, {"a": None}, {"a": {"x": 1}}, id="null after"),
    ],
)
def test_previous_attributes_hold_the_old_values_of_what_changed(old, new, expected):
    assert previous_attributes(old, new) == expected


def test_a_change_tells_what_it_was_before_and_who_asked(api, world):
    product = api.products.create({"name": "Gold"})

    answer = api.products.update(
        product.id, {"name": "Platinum"}, {"idempotency_key": "rename"}
    )

    event = world.find("event")[0]
    assert event["type"] == "product.updated"
    assert event["api_version"] == API_VERSION
    assert event["data"]["object"]["name"] == "Platinum"
    assert event["data"]["previous_attributes"]["name"] == "Gold"
    assert event["request"] == {
        "id": answer.last_response.request_id,
        "idempotency_key": "rename",
    }


def test_a_change_of_nothing_is_no_event(api, world):
    customer = api.customers.create({"name": "Ada"})

    api.customers.update(customer.id, {"name": "Ada"})

    assert [event["type"] for event in world.find("event")] == ["customer.created"]


def test_a_refused_request_leaves_neither_objects_nor_events(api, world):
    with pytest.raises(stripe.InvalidRequestError):
        api.products.create(
            {
                "name": "Gold",
                "default_price_data": {
                    "currency": "eur",
                    "unit_amount": 1,
                    "unit_amount_decimal": "1",
                },
            }
        )

    assert world.find("product") == world.find("event") == []


def test_what_is_private_is_told_to_nobody(api, world):
    customer = world.get("customer", api.customers.create().id)
    world.private(customer)["pin"] = "1234"

    world.save({**customer, "name": "Ada"}, "customer.updated")

    assert "1234" not in str(world.find("event"))
    assert world.private(world.get("customer", customer["id"]))["pin"] == "1234"
    assert "1234" not in str(api.customers.retrieve(customer["id"]))


def test_what_was_deleted_leaves_a_tombstone(api, world):
    product = api.products.create({"name": "Gold"})

    gone = api.products.delete(product.id)

    assert gone.deleted is True
    assert world.find("product") == []
    assert world.find("event")[0]["type"] == "product.deleted"
    assert world.find("event")[0]["data"]["object"]["name"] == "Gold"
