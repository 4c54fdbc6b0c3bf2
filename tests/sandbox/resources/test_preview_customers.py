from __future__ import annotations

import pytest
import stripe


def preview(shop, details, **more):
    return shop.api.invoices.create_preview(
        {
            "automatic_tax": {"enabled": True},
            "customer_details": details,
            "subscription_details": {"items": [{"price": shop.price(1000)}]},
            **more,
        }
    )


def test_nobody_known_is_taxed_by_the_address(shop):
    promised = preview(shop, {"address": {"country": "DE"}})

    assert (promised.customer, promised.total) == (None, 1190)
    assert promised.customer_address.country == "DE"
    assert not shop.api.customers.list().data
    assert not shop.events("customer")


def test_a_customer_is_previewed_elsewhere_and_stays_where_it_is(api, shop):
    customer = api.customers.create({"address": {"country": "DE"}}).id

    promised = preview(shop, {"address": {"country": "FR"}}, customer=customer)

    assert (promised.customer, promised.total) == (customer, 1200)
    assert api.customers.retrieve(customer).address.country == "DE"


def test_who_is_exempt_pays_no_tax(shop):
    details = {"address": {"country": "DE"}, "tax_exempt": "exempt"}

    assert preview(shop, details).total == 1000


def test_other_tax_ids_are_shown_and_not_kept(api, shop):
    customer = api.customers.create({"address": {"country": "DE"}}).id
    number = {"type": "eu_vat", "value": "FR12345678901"}

    promised = preview(shop, {"tax_ids": [number]}, customer=customer)

    assert [it.value for it in promised.customer_tax_ids] == [number["value"]]
    assert not api.customers.tax_ids.list(customer).data


def test_what_is_not_done_is_refused_by_name(shop):
    with pytest.raises(stripe.InvalidRequestError, match="tax"):
        preview(shop, {"tax": {"ip_address": "192.0.2.1"}})
