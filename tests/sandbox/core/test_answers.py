from __future__ import annotations

import pytest
import stripe

from wagtail_billing_portal.sandbox import contract
from wagtail_billing_portal.sandbox.contract.resources import resource
from wagtail_billing_portal.sandbox.errors import BrokenContract

KINDS = [
    "billing_portal.configuration",
    "billing_portal.session",
    "checkout.session",
    "customer",
    "event",
    "invoice",
    "invoice_payment",
    "payment_intent",
    "payment_method",
    "price",
    "product",
    "setup_intent",
    "subscription",
    "subscription_item",
    "webhook_endpoint",
]


@pytest.fixture
def product(api, world) -> dict:
    made = api.products.create({"name": "Gold"})
    return world.get("product", made.id)


@pytest.mark.parametrize("kind", KINDS)
def test_a_skeleton_lacks_values_but_no_field(kind):
    blank = contract.skeleton(kind)

    complaints = contract.object_complaints(blank)

    assert blank["object"] == kind
    assert [one for one in complaints if "missing" in one or "not a field" in one] == []


def test_a_skeleton_of_a_part_has_the_fields_of_the_part():
    part = contract.skeleton("subscription", "trial_settings")

    assert part == {
        "end_behavior": {"billing_cycle_anchor": None, "missing_payment_method": None}
    }


@pytest.mark.breaks_contract
@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"colour": "red"}, "colour", id="invented"),
        pytest.param({"name": 5}, "name", id="wrong type"),
        pytest.param({"active": None}, "active", id="null"),
        pytest.param({"type": "dream"}, "type", id="unknown choice"),
        pytest.param({"metadata": {"a": 1}}, "metadata[a]", id="inside"),
    ],
)
def test_an_answer_that_stripe_would_not_give_is_a_500_that_names_the_field(
    api, world, product, change, field
):
    world.save({**product, **change})

    with pytest.raises(stripe.APIError, match="not Stripe's") as broken:
        api.products.retrieve(product["id"])

    assert broken.value.http_status == 500
    assert f"product.{field}" in str(broken.value) or f"`{field}`" in str(broken.value)


def test_a_dropped_field_is_noticed(product):
    del product["description"]

    complaints = contract.object_complaints(product)

    assert complaints == ["`product.description` is missing."]


@pytest.mark.breaks_contract
def test_what_an_event_tells_is_checked_too(world, product):
    with pytest.raises(BrokenContract, match="colour"):
        world.emit("product.updated", {**product, "colour": "red"})
    with pytest.raises(BrokenContract, match="dreamt"):
        world.emit("product.dreamt", product)


def test_on_demand_fields_may_be_there_or_not(api):
    price = resource("price").fields

    assert "currency_options" in price
    assert "currency_options" not in contract.skeleton("price")
