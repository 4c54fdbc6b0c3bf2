from __future__ import annotations

import pytest

from tests.sandbox.pages.stories import ASKS, DECLINED, RETURN, a_card

CARD_ON = {"payment_method_update": {"enabled": True}}
DETAILS_ON = {
    "customer_update": {"enabled": True, "allowed_updates": ["name", "address"]}
}


def default_card(shop):
    customer = shop.v1.customers.retrieve(
        shop.customer.id, {"expand": ["invoice_settings.default_payment_method"]}
    )
    return customer.invoice_settings.default_payment_method


def test_a_new_card_is_charged_from_now_on(shop, submit):
    portal = shop.portal(**CARD_ON)

    saved = submit(f"{portal.url}card/", **a_card())

    assert saved.status_code == 303
    assert default_card(shop).card.last4 == "4242"


def test_a_refused_card_changes_nothing(shop, submit):
    refused = submit(f"{shop.portal(**CARD_ON).url}card/", **a_card(DECLINED))

    assert "Your card was declined." in refused.content.decode()
    assert default_card(shop) is None


@pytest.mark.parametrize(("answer", "saved"), [("complete", True), ("fail", False)])
def test_the_bank_may_ask_before_a_card_is_saved(shop, submit, browser, answer, saved):
    portal = shop.portal(**CARD_ON)

    asked = submit(f"{portal.url}card/", **a_card(ASKS))
    answered = submit(asked.url, answer=answer)

    assert browser.get(answered.url).status_code == 200
    assert bool(default_card(shop)) is saved


def test_a_flow_for_a_card_asks_at_once_and_returns(shop, submit, browser):
    flow = {
        "type": "payment_method_update",
        "after_completion": {"type": "redirect", "redirect": {"return_url": RETURN}},
    }
    portal = shop.portal(flow_data=flow, **CARD_ON)

    entered = browser.get(portal.url)
    saved = submit(entered.url, **a_card())

    assert entered.url.endswith("/card/")
    assert saved.url == RETURN


def test_details_are_changed_as_far_as_allowed(shop, submit, browser):
    portal = shop.portal(**DETAILS_ON)
    page = browser.get(f"{portal.url}details/").content.decode()

    submit(f"{portal.url}details/", name="Ada King", city="London", email="x@y.z")

    customer = shop.v1.customers.retrieve(shop.customer.id)
    assert 'name="email"' not in page
    assert customer.name == "Ada King"
    assert customer.address.city == "London"
    assert customer.email == "ada@shop.example"


def test_a_missing_name_is_asked_for(shop, submit):
    page = submit(f"{shop.portal(**DETAILS_ON).url}details/", name="").content.decode()

    assert 'href="#id_name"' in page


@pytest.mark.parametrize("action", ["card", "details"])
def test_what_is_switched_off_has_no_page(shop, browser, action):
    assert browser.get(f"{shop.portal().url}{action}/").status_code == 404


def test_deliveries_and_tax_ids_are_changed_where_allowed(shop, submit, browser):
    allowed = ["shipping", "tax_id"]
    portal = shop.portal(customer_update={"enabled": True, "allowed_updates": allowed})
    url = f"{portal.url}details/"

    submit(
        url,
        shipping_name="Ada",
        shipping_line1="1 Mill Lane",
        tax_id_type="eu_vat",
        tax_id_value="DE123456789",
    )
    customer = shop.v1.customers.retrieve(shop.customer.id)
    number = shop.v1.customers.tax_ids.list(shop.customer.id).data[0]
    submit(url, remove_tax_ids=number.id)

    assert customer.shipping.address.line1 == "1 Mill Lane"
    assert number.value == "DE123456789"
    assert shop.v1.customers.tax_ids.list(shop.customer.id).data == []
    assert shop.v1.customers.retrieve(shop.customer.id).shipping is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"shipping_city": "London"}, "Enter who receives it"),
        ({"tax_id_type": "eu_vat"}, "needs its kind and its number"),
        ({"tax_id_type": "eu_vat", "tax_id_value": "1"}, "no number of that kind"),
    ],
)
def test_half_a_detail_is_asked_for(shop, submit, typed, words):
    portal = shop.portal(
        customer_update={"enabled": True, "allowed_updates": ["shipping", "tax_id"]}
    )

    page = submit(f"{portal.url}details/", **typed).content.decode()

    assert words in page


def card_url(portal, method, action):
    return f"{portal.url}cards/{method}/{action}/"


def press(browser, portal, url):
    browser.get(portal.url)
    token = browser.cookies["csrftoken"].value
    return browser.post(url, {"csrfmiddlewaretoken": token})


def attached(shop, method="pm_card_visa"):
    return shop.v1.payment_methods.attach(method, {"customer": shop.customer.id}).id


def test_a_saved_card_is_made_the_default_one_or_removed(shop, browser):
    portal = shop.portal(**CARD_ON)
    first, second = attached(shop), attached(shop, "pm_card_mastercard")

    press(browser, portal, card_url(portal, first, "default"))
    press(browser, portal, card_url(portal, second, "remove"))

    assert default_card(shop).id == first
    assert shop.v1.payment_methods.retrieve(second).customer is None


def test_a_card_that_is_charged_stays(shop, browser):
    subscription = shop.subscription()
    portal = shop.portal(**CARD_ON)
    method = subscription.default_payment_method

    page = browser.get(portal.url).content.decode()
    url = card_url(portal, method, "remove")
    press(browser, portal, url)

    assert url not in page
    assert shop.v1.payment_methods.retrieve(method).customer == shop.customer.id


def test_somebody_elses_card_is_unknown_and_a_click_needs_a_token(shop, browser):
    method = attached(shop)
    forged = browser.post(card_url(shop.portal(**CARD_ON), method, "remove"))
    shop.customer = shop.v1.customers.create({"name": "Eve"})
    eves = shop.portal(**CARD_ON)

    foreign = [
        press(browser, eves, card_url(eves, method, action)).status_code
        for action in ("default", "remove")
    ]

    assert forged.status_code == 403
    assert foreign == [404, 404]
