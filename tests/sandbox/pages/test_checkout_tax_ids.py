"""A checkout page that asks a business for its tax ID."""

from __future__ import annotations

import pytest
import stripe

from tests.sandbox.pages.stories import a_card

ASKED = {"tax_id_collection": {"enabled": True}}
BAKERY = {
    "tax_id_name": "Bakery Ltd",
    "tax_id_type": "eu_vat",
    "tax_id_value": "DE 123 456 789",
}


def bought(shop, submit, session, **fields):
    submit(session.url, **a_card(), **fields)
    return shop.session(session.id)


def test_a_business_leaves_its_number_with_its_name(shop, submit):
    done = bought(
        shop, submit, shop.checkout(**ASKED), email="a@bakery.example", **BAKERY
    )

    (number,) = done.customer_details.tax_ids
    assert (number.type, number.value) == ("eu_vat", "DE123456789")
    customer = shop.v1.customers.retrieve(done.customer, {"expand": ["tax_ids"]})
    assert customer.name == "Bakery Ltd"
    assert customer.tax_ids.data[0].value == "DE123456789"
    invoice = shop.v1.invoices.retrieve(done.invoice)
    assert invoice.customer_tax_ids[0].value == "DE123456789"


def test_somebody_without_a_number_just_pays(shop, submit):
    done = bought(shop, submit, shop.checkout(**ASKED), email="a@bakery.example")

    assert done.status == "complete"
    assert done.customer_details.tax_ids == []


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"tax_id_value": "12"}, "This is no number of that kind."),
        ({"tax_id_type": ""}, "A tax ID needs its kind and its number."),
        ({"tax_id_name": ""}, "Enter the name of the business."),
    ],
)
def test_half_a_number_is_asked_for_again(shop, submit, changed, text):
    session = shop.checkout(customer_email="a@bakery.example", **ASKED)

    page = submit(session.url, **a_card(), **{**BAKERY, **changed})

    assert text in page.content.decode()
    assert shop.session(session.id).status == "open"


def test_a_known_customer_must_be_allowed_to_change_its_name(shop, submit):
    known = {"customer": shop.customer.id, **ASKED}
    with pytest.raises(stripe.InvalidRequestError, match="updating business name"):
        shop.checkout(**known)

    session = shop.checkout(**known, customer_update={"name": "auto"})
    bought(shop, submit, session, **BAKERY)

    assert shop.v1.customers.retrieve(shop.customer.id).name == "Bakery Ltd"


def test_a_payment_link_asks_for_it_too(shop, browser):
    items = [{"price": shop.price.id, "quantity": 1}]
    link = shop.v1.payment_links.create({"line_items": items, **ASKED})

    page = browser.get(browser.get(link.url).url)

    assert link.tax_id_collection.enabled
    assert 'name="tax_id_value"' in page.content.decode()
