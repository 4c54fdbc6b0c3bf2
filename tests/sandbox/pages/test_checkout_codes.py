from __future__ import annotations

import pytest

from tests.sandbox.pages.stories import a_card


@pytest.fixture
def code(shop):
    coupon = shop.v1.coupons.create({"percent_off": 50, "duration": "once"})
    promotion = {"type": "coupon", "coupon": coupon.id}
    return shop.v1.promotion_codes.create({"promotion": promotion, "code": "SPRING"})


@pytest.fixture
def session(shop, code):
    return shop.checkout(customer=shop.customer.id, allow_promotion_codes=True)


def test_a_code_is_added_and_taken_off_without_javascript(
    shop, session, submit, browser
):
    submit(session.url, do="code", code=" spring ")
    page = browser.get(session.url).content.decode()

    assert "SPRING" in page
    assert "Pay €6.00 and subscribe" in page
    submit(session.url, do="no_code")
    assert shop.session(session.id).amount_total == 1200


def test_a_code_is_paid_with(shop, session, code, submit):
    submit(session.url, do="code", code="SPRING")

    submit(session.url, **a_card())

    done = shop.v1.checkout.sessions.retrieve(session.id, {"expand": ["invoice"]})
    assert done.invoice.amount_paid == 600
    assert done.discounts[0].promotion_code == code.id


def test_a_wrong_code_is_told(shop, session, submit):
    page = submit(session.url, do="code", code="AUTUMN").content.decode()

    assert "This code is not valid." in page
    assert shop.session(session.id).amount_total == 1200


def test_guessing_ends(shop, session, submit):
    for number in range(10):
        submit(session.url, do="code", code=f"GUESS{number}")

    submit(session.url, do="code", code="SPRING")

    assert shop.session(session.id).amount_total == 1200


def test_a_code_is_not_taken_where_none_is_asked_for(shop, code, submit):
    session = shop.checkout(customer=shop.customer.id)

    submit(session.url, do="code", code="SPRING")

    assert shop.session(session.id).amount_total == 1200


def test_a_fixed_discount_stays(shop, code, submit):
    discounts = [{"promotion_code": code.id}]
    session = shop.checkout(customer=shop.customer.id, discounts=discounts)

    submit(session.url, do="no_code")

    assert shop.session(session.id).amount_total == 600


def test_tax_is_confirmed_before_it_is_charged(shop, submit, browser):
    session = shop.checkout(automatic_tax={"enabled": True})
    browser.get(session.url, headers={"accept-language": "de-DE"})

    asked = submit(session.url, email="a@shop.example", **a_card())
    paid = submit(session.url, email="a@shop.example", **a_card())

    assert "Check the new sum." in asked.content.decode()
    assert paid.status_code == 303
    assert shop.session(session.id).amount_total == 1440
