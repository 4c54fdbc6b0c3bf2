from __future__ import annotations

import pytest
import stripe

VAT = {"type": "eu_vat", "value": "DE123456789"}


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("DE000000000", "verified"),
        ("DE111111111", "unverified"),
        ("DE222222222", "pending"),
        ("DE123456789", "verified"),
    ],
)
def test_a_register_answers_after_a_moment(api, shop, value, status):
    customer = shop.customer(card=None, name="Loaf Ltd")
    made = api.customers.tax_ids.create(customer, {**VAT, "value": value})
    assert (made.country, made.verification.status) == ("DE", "pending")

    shop.wait(hours=1)

    found = api.customers.tax_ids.retrieve(customer, made.id)
    assert found.verification.status == status
    told = shop.events("tax_id")
    assert (
        told
        == ["customer.tax_id.created", "customer.tax_id.updated"][
            : 1 if status == "pending" else 2
        ]
    )


def test_other_registers_are_not_asked(api, shop):
    customer = shop.customer(card=None)

    made = api.customers.tax_ids.create(
        customer, {"type": "us_ein", "value": "12-3456789"}
    )

    assert (made.country, made.verification.status) == ("US", "unavailable")


@pytest.mark.parametrize(
    ("type_", "value"),
    [("eu_vat", "DE12345678"), ("eu_vat", "QQ123456789"), ("gb_vat", "GB12")],
)
def test_a_number_of_the_wrong_form_is_refused(api, shop, type_, value):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.customers.tax_ids.create(
            shop.customer(card=None), {"type": type_, "value": value}
        )

    assert refusal.value.code == "tax_id_invalid"
    assert refusal.value.param == "value"


def test_numbers_are_shown_with_their_customer(api, shop):
    customer = shop.customer(card=None)
    made = api.customers.tax_ids.create(customer, VAT)

    shown = api.customers.retrieve(customer, {"expand": ["tax_ids"]})

    assert [tax_id.id for tax_id in shown.tax_ids.data] == [made.id]


def test_a_deleted_number_is_gone(api, shop):
    customer = shop.customer(card=None)
    made = api.customers.tax_ids.create(customer, VAT)

    assert api.customers.tax_ids.delete(customer, made.id).deleted is True

    assert shop.last_event("customer.tax_id.deleted").data.object.id == made.id
    with pytest.raises(stripe.InvalidRequestError, match="No such tax_id"):
        api.tax_ids.retrieve(made.id)


def test_nobody_sees_another_customers_number(api, shop):
    made = api.customers.tax_ids.create(shop.customer(card=None), VAT)

    with pytest.raises(stripe.InvalidRequestError, match="No such tax_id"):
        api.customers.tax_ids.retrieve(shop.customer(card=None), made.id)


def test_the_account_has_numbers_of_its_own(api, shop):
    mine = api.tax_ids.create(VAT)
    customer = shop.customer(card=None)
    owner = {"type": "customer", "customer": customer}
    theirs = api.tax_ids.create({**VAT, "owner": owner})

    assert mine.owner.type == "self"
    assert mine.verification is None
    assert [one.id for one in api.tax_ids.list()] == [mine.id]
    assert [one.id for one in api.tax_ids.list({"owner": owner})] == [theirs.id]
    assert shop.events("tax_id") == ["customer.tax_id.created"]


def test_five_numbers_are_enough(api, shop):
    customer = shop.customer(card=None)
    for _ in range(5):
        api.customers.tax_ids.create(customer, VAT)

    with pytest.raises(stripe.InvalidRequestError, match="at most 5"):
        api.customers.tax_ids.create(customer, VAT)


def test_a_customer_can_come_with_tax_ids(api):
    number = {"type": "eu_vat", "value": "DE123456789"}

    customer = api.customers.create({"tax_id_data": [number]}).id

    found = api.customers.tax_ids.list(customer).data
    assert [tax_id.value for tax_id in found] == ["DE123456789"]
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.customers.create({"tax_id_data": [{"type": "eu_vat", "value": "X"}]})
    assert refusal.value.code == "tax_id_invalid"
