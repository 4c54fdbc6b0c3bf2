"""D4, D5 and D12: what pays is shown and kept, whatever it is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tools.changing import confirm, url
from tests.tools.shop import a_form, soup, words
from wagtail_billing_portal.models import Subscription


@pytest.fixture
def by_satispay(stripe_side, customer, half_way) -> Subscription:
    """Paid with something that Stripe's own page has no room for."""
    v1 = stripe_side.client.v1
    made = v1.payment_methods.create({"type": "satispay"})
    v1.payment_methods.attach(made.id, {"customer": customer})
    v1.customers.update(
        customer, {"invoice_settings": {"default_payment_method": made.id}}
    )
    stripe_side.deliver_all()
    return half_way


@pytest.fixture
def stripes_page(ada) -> Any:
    """Stripe's own page, opened from the site's."""

    def opened() -> str:
        return ada.post(url("hosted_portal"), a_form())["Location"]

    return opened


def test_d4_whatever_pays_for_it_the_plan_can_be_changed(
    ada, stripe_side, shop, plans, by_satispay
):
    page = ada.get(url("subscription", by_satispay.pk))
    answer = confirm(ada, url("change_confirm", by_satispay.pk, price=shop.reader))

    assert url("change", by_satispay.pk) in page.content.decode()
    assert "Scheduled" in words(ada.get(answer["Location"]))


def test_d5_what_pays_is_shown_whatever_it_is(ada, by_satispay):
    page = words(ada.get(url("subscription", by_satispay.pk)))

    assert "Paid with Satispay" in page


def test_d5_what_pays_is_entered_on_stripes_pages_alone(
    ada, stripe_side, stripes_page, customer, by_satispay
):
    there = stripes_page()
    asks_for_a_card = soup(ada.get(f"{there}card/")).select("[autocomplete^=cc-]")

    assert asks_for_a_card
    for page in (url("overview"), url("subscription", by_satispay.pk)):
        assert not soup(ada.get(page)).select("[autocomplete^=cc-]")


def test_d12_the_last_method_stays_while_something_is_to_be_paid(
    ada, stripe_side, stripes_page, customer, subscription
):
    there = stripes_page()
    v1 = stripe_side.client.v1
    [only] = v1.customers.payment_methods.list(customer).data

    removing = f"{there}cards/{only.id}/remove/"
    is_offered = soup(ada.get(there)).select("form[action$='/remove/']")
    answer = ada.post(removing)

    assert (answer.status_code, is_offered) == (303, [])
    assert v1.customers.payment_methods.list(customer).data == [only]
    stripe_side.advance(days=31)
    [renewal, _first] = v1.invoices.list({"customer": customer}).data
    assert renewal.status == "paid"
