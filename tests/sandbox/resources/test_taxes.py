from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_billing_portal.sandbox.billing import taxes

GERMANY = {"address": {"country": "DE", "line1": "Ring 1", "city": "Köln"}}


@pytest.fixture
def bill(api, shop, world):
    """The taxes of one line over 120.00 at a price, for a customer."""

    def bill(customer=None, rates=(), *, automatic=False, behavior="unspecified"):
        about = {"email": "ada@example.com", **(customer or {})}
        payer = api.customers.create(about)
        price = shop.price(12000, tax_behavior=behavior)
        line = {
            "amount": 12000,
            "discount_amounts": [],
            "pricing": {"price_details": {"price": price, "product": "prod_1"}},
        }
        invoice = {
            "automatic_tax": {"enabled": automatic, "status": None},
            "currency": "eur",
            "customer": payer.id,
            "customer_address": about.get("address"),
            "customer_shipping": None,
            "customer_tax_exempt": about.get("tax_exempt", "none"),
        }
        taxes.apply(
            world, invoice, [line], default_rates=list(rates), automatic=automatic
        )
        return invoice, line["taxes"]

    return bill


@pytest.fixture
def rate(api):
    def rate(percentage, *, inclusive=False):
        about = {"display_name": "VAT", "percentage": percentage}
        return api.tax_rates.create({**about, "inclusive": inclusive}).id

    return rate


def test_exclusive_tax_comes_on_top(bill, rate):
    _, (tax,) = bill(rates=[rate(20)])

    assert (tax["amount"], tax["taxable_amount"]) == (2400, 12000)
    assert tax["tax_behavior"] == "exclusive"


def test_inclusive_tax_is_found_inside(bill, rate):
    _, (tax,) = bill(rates=[rate(20, inclusive=True)])

    assert (tax["amount"], tax["taxable_amount"]) == (2000, 10000)


def test_rates_do_not_tax_each_other(bill, rate):
    _, both = bill(rates=[rate(5), rate(9.975)])

    assert [tax["amount"] for tax in both] == [600, 1197]


@pytest.mark.parametrize(
    ("exempt", "reason"),
    [("exempt", "customer_exempt"), ("reverse", "reverse_charge")],
)
def test_who_is_exempt_pays_none(bill, rate, exempt, reason):
    _, (tax,) = bill({"tax_exempt": exempt}, [rate(20)])

    assert (tax["amount"], tax["taxability_reason"]) == (0, reason)


def test_automatic_tax_goes_by_the_country(bill):
    invoice, (tax,) = bill(GERMANY, automatic=True)

    assert (tax["amount"], tax["taxability_reason"]) == (2280, "standard_rated")
    assert invoice["automatic_tax"]["status"] == "complete"


def test_automatic_tax_is_inside_an_inclusive_price(bill):
    _, (tax,) = bill(GERMANY, automatic=True, behavior="inclusive")

    assert (tax["amount"], tax["tax_behavior"]) == (1916, "inclusive")


def test_no_address_no_automatic_tax(bill):
    invoice, found = bill(automatic=True)

    assert found == []
    assert invoice["automatic_tax"]["status"] == "requires_location_inputs"


def test_a_country_without_a_rate_is_not_collected_for(bill):
    _, (tax,) = bill({"address": {"country": "US"}}, automatic=True)

    assert (tax["amount"], tax["taxability_reason"]) == (0, "not_collecting")


def test_a_verified_business_abroad_pays_its_tax_itself(api, shop, world):
    customer = api.customers.create({"name": "Loaf", **GERMANY})
    vat = {"type": "eu_vat", "value": "DE123456789"}
    api.customers.tax_ids.create(customer.id, vat)
    shop.wait(hours=1)
    invoice = {
        "automatic_tax": {"enabled": True, "status": None},
        "currency": "eur",
        "customer": customer.id,
        "customer_address": GERMANY["address"],
        "customer_shipping": None,
        "customer_tax_exempt": "none",
    }
    line = {"amount": 1000, "discount_amounts": [], "pricing": None}

    taxes.apply(world, invoice, [line], default_rates=[], automatic=True)

    assert line["taxes"][0]["taxability_reason"] == "reverse_charge"
    assert taxes.totals([line])[0]["amount"] == 0


@given(
    amount=st.integers(-99_999, 99_999),
    shares=st.lists(st.integers(0, 3000), min_size=1, max_size=4),
)
def test_inclusive_tax_and_the_rest_make_the_amount(amount, shares):
    rates = [
        {"id": f"txr_{n}", "inclusive": True, "percentage": share / 100}
        for n, share in enumerate(shares)
    ]

    found = taxes.taxes_on(amount, rates, reason="standard_rated")

    inside = sum(tax["amount"] for tax in found)
    assert abs(amount - inside - found[0]["taxable_amount"]) <= len(shares)
    assert abs(inside) <= abs(amount)
