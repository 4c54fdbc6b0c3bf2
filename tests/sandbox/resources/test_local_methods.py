"""Payment methods of every kind: made, shown and kept, where Stripe keeps them."""

from __future__ import annotations

import pytest
import stripe

from wagtail_billing_portal.sandbox.billing import local_methods

BLOCKS = {
    "acss_debit": {
        "account_number": "000123456789",
        "institution_number": "000",
        "transit_number": "11000",
    },
    "boleto": {"tax_id": "00000000000"},
    "eps": {"bank": "easybank_ag"},
    "fpx": {"bank": "maybank2u"},
    "ideal": {"bank": "ing"},
    "klarna": {"dob": {"day": 1, "month": 2, "year": 1990}},
    "nz_bank_account": {
        "account_number": "0000123",
        "bank_code": "11",
        "branch_code": "0000",
        "suffix": "010",
    },
    "payto": {"bsb_number": "000000", "account_number": "123456789"},
    "sofort": {"country": "DE"},
}


def a_method(api, kind):
    return api.payment_methods.create({"type": kind, kind: BLOCKS.get(kind, {})})


@pytest.mark.parametrize("kind", sorted(local_methods.REUSABLE))
def test_what_can_be_used_again_is_kept(api, shop, kind):
    customer, made = shop.customer(None), a_method(api, kind)

    api.payment_methods.attach(made.id, {"customer": customer})

    (kept,) = api.customers.payment_methods.list(customer, {"type": kind}).data
    assert kept.type == kind
    assert kept[kind] is not None


@pytest.mark.parametrize("kind", sorted(local_methods.SINGLE))
def test_what_pays_once_can_only_be_shown(api, shop, kind):
    made = a_method(api, kind)

    with pytest.raises(stripe.InvalidRequestError, match="can only be used once"):
        api.payment_methods.attach(made.id, {"customer": shop.customer(None)})

    assert api.payment_methods.retrieve(made.id)[kind] is not None


def test_a_number_is_shown_by_its_end(api):
    debit = a_method(api, "acss_debit").acss_debit

    assert (debit.last4, debit.transit_number) == ("6789", "11000")
    assert a_method(api, "payto").payto.last4 == "6789"
    assert a_method(api, "klarna").klarna.dob.year == 1990


def test_a_needed_number_is_asked_for(api):
    with pytest.raises(stripe.InvalidRequestError, match="account_number"):
        api.payment_methods.create({"type": "acss_debit"})


def test_no_payment_takes_them(api):
    order = {"amount": 900, "currency": "eur", "confirm": True}
    method = a_method(api, "klarna").id

    with pytest.raises(stripe.InvalidRequestError, match="not allowed for this"):
        api.payment_intents.create({**order, "payment_method": method})
