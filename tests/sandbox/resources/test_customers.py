from __future__ import annotations

import pytest
import stripe


def test_a_customer_keeps_what_it_was_given(api):
    made = api.customers.create(
        {
            "email": "ada@example.com",
            "name": "Ada",
            "address": {"line1": "1 High Street", "country": "GB"},
            "preferred_locales": ["en-GB"],
            "metadata": {"user": "7"},
        }
    )

    customer = api.customers.retrieve(made.id)
    assert customer.address.line1 == "1 High Street"
    assert customer.address.city is None
    assert customer.metadata.to_dict() == {"user": "7"}
    assert customer.next_invoice_sequence == 1


def test_what_is_not_sent_stays_and_an_empty_string_unsets(api):
    customer = api.customers.create({"name": "Ada", "phone": "1", "description": "x"})

    changed = api.customers.update(customer.id, {"description": "", "phone": "2"})

    assert (changed.name, changed.phone, changed.description) == ("Ada", "2", None)


def test_metadata_merges_key_by_key(api):
    customer = api.customers.create({"metadata": {"a": "1", "b": "2"}})

    merged = api.customers.update(customer.id, {"metadata": {"b": "", "c": "3"}})
    emptied = api.customers.update(customer.id, {"metadata": ""})

    assert merged.metadata.to_dict() == {"a": "1", "c": "3"}
    assert emptied.metadata.to_dict() == {}


def test_an_update_that_changes_nothing_is_not_an_event(api, shop):
    customer = api.customers.create({"name": "Ada"})

    api.customers.update(customer.id, {"name": "Ada"})

    assert shop.events("customer") == ["customer.created"]


def test_customers_are_found_by_exact_email(api):
    ada = api.customers.create({"email": "ada@example.com"})
    api.customers.create({"email": "bob@example.com"})

    found = api.customers.list({"email": "ada@example.com"})

    assert [customer.id for customer in found] == [ada.id]


def test_a_malformed_email_is_refused(api):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.customers.create({"email": "ada"})

    assert refused.value.code == "email_invalid"


def test_the_default_card_must_be_the_customers_own(api, shop):
    mine, other = shop.customer(), shop.customer()
    method = api.payment_methods.list({"customer": other}).data[0].id

    with pytest.raises(stripe.InvalidRequestError, match="must be attached") as refused:
        api.customers.update(
            mine, {"invoice_settings": {"default_payment_method": method}}
        )

    assert refused.value.param == "invoice_settings[default_payment_method]"


def test_deleting_a_customer_ends_its_subscriptions_at_once(api, shop):
    subscription = shop.subscribe()

    api.customers.delete(subscription.customer)

    assert shop.subscription(subscription.id).status == "canceled"
    assert api.customers.retrieve(subscription.customer).deleted is True
    assert shop.events("customer")[-1] == "customer.deleted"
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        api.customers.update(subscription.customer, {"name": "Ada"})


def test_what_the_sandbox_cannot_do_is_refused_not_ignored(api):
    order = {"cash_balance": {"settings": {"reconciliation_mode": "automatic"}}}

    with pytest.raises(stripe.InvalidRequestError, match="does not support `cash_"):
        api.customers.create(order)


@pytest.mark.parametrize(
    ("country", "status"),
    [("DE", "supported"), ("AQ", "not_collecting"), (None, "unrecognized_location")],
)
def test_where_a_customer_is_taxed_is_told_on_demand(api, country, status):
    order = {"address": {"country": country}} if country else {}

    made = api.customers.create({**order, "expand": ["tax"]})

    assert made.tax.automatic_tax == status
    assert (made.tax.location and made.tax.location.country) == country


def test_credit_is_told_on_demand_in_its_currency(api):
    customer = api.customers.create().id
    credit = {"amount": -700, "currency": "eur"}
    api.customers.balance_transactions.create(customer, credit)

    found = api.customers.retrieve(customer, {"expand": ["invoice_credit_balance"]})

    assert found.invoice_credit_balance.to_dict() == {"eur": 700}
