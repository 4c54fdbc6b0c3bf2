from __future__ import annotations

import pytest
from django.utils.translation import override

from tests.sandbox.pages.stories import (
    ACCEPTED,
    ASKS,
    CANCEL,
    DECLINED,
    a_card,
)


def test_the_page_says_what_is_bought_for_how_much(shop, browser):
    page = browser.get(shop.checkout().url)

    assert page.status_code == 200
    for words in (
        "Subscribe to Supporter",
        "€12.00 a month",
        "Pay €12.00 and subscribe",
        "no card is charged",
        CANCEL,
    ):
        assert words in page.content.decode()


def test_paying_leads_to_the_success_page_with_the_session(shop, submit):
    session = shop.checkout()

    paid = submit(session.url, email="ada@shop.example", **a_card())

    assert paid.status_code == 303
    assert paid.url == f"https://shop.example/thanks?session={session.id}"
    assert shop.session(session.id).status == "complete"


def test_a_second_click_pays_nothing_more(shop, submit):
    session = shop.checkout(customer=shop.customer.id)

    clicks = [submit(session.url, **a_card()) for _ in range(2)]

    assert [click.status_code for click in clicks] == [303, 303]
    assert clicks[0].url == clicks[1].url
    assert len(shop.v1.subscriptions.list().data) == 1


def test_a_customers_own_address_is_not_asked_again(shop, browser):
    page = browser.get(shop.checkout(customer=shop.customer.id).url).content.decode()

    assert "ada@shop.example" in page
    assert 'name="email"' not in page
    assert 'value="Ada"' in page


def test_a_decline_is_shown_and_nothing_is_subscribed(shop, submit):
    session = shop.checkout(customer=shop.customer.id)

    refused = submit(session.url, **a_card(DECLINED))

    page = refused.content.decode()
    assert refused.status_code == 200
    assert "Your card was declined." in page
    assert "Nothing was charged." in page
    assert DECLINED not in page.partition("<details>")[0]
    assert shop.session(session.id).status == "open"


def test_all_mistakes_are_shown_at_once(shop, submit):
    refused = submit(shop.checkout().url, email="ada", number="4242")

    page = refused.content.decode()
    for name in ("email", "number", "expiry", "cvc", "name", "country"):
        assert f'href="#id_{name}"' in page
        assert f'id="id_{name}_error"' in page


def test_the_bank_may_ask_and_be_satisfied(shop, submit):
    session = shop.checkout(customer=shop.customer.id)

    asked = submit(session.url, **a_card(ASKS))
    answered = submit(asked.url, answer="complete")

    assert "/authenticate/pi_" in asked.url
    assert answered.url.endswith(session.id)
    assert shop.session(session.id).payment_status == "paid"


def test_failing_the_banks_question_leads_back_to_the_card(shop, submit, browser):
    session = shop.checkout(customer=shop.customer.id)
    asked = submit(session.url, **a_card(ASKS))

    failed = submit(asked.url, answer="fail")

    page = browser.get(failed.url)
    assert failed.status_code == 303
    assert "could not confirm that it was you" in page.content.decode()
    assert shop.session(session.id).status == "open"


def test_the_bank_asks_only_once(shop, submit, browser):
    session = shop.checkout(customer=shop.customer.id)
    asked = submit(session.url, **a_card(ASKS))
    submit(asked.url, answer="complete")

    again = browser.get(asked.url)

    assert again.status_code == 303
    assert browser.get(again.url).status_code == 200


def test_a_trial_is_free_today_and_says_what_comes(shop, browser, submit):
    trial = shop.checkout(
        customer=shop.customer.id, subscription_data={"trial_period_days": 14}
    )

    page = browser.get(trial.url).content.decode()
    submit(trial.url, **a_card())

    assert "Start free trial" in page
    assert "Then €12.00 a month, from" in page
    subscription = shop.v1.subscriptions.list().data[0]
    assert subscription.status == "trialing"


def test_a_trial_without_a_card_asks_for_none(shop, browser, submit):
    trial = shop.checkout(
        customer=shop.customer.id,
        payment_method_collection="if_required",
        subscription_data={"trial_period_days": 14},
    )

    page = browser.get(trial.url).content.decode()
    done = submit(trial.url)

    assert 'name="number"' not in page
    assert done.status_code == 303


def test_a_card_can_only_be_saved(shop, browser, submit):
    session = shop.v1.checkout.sessions.create(
        {
            "mode": "setup",
            "customer": shop.customer.id,
            "allowed_payment_method_types": ["card"],
            "success_url": "https://shop.example/saved",
        }
    )

    page = browser.get(session.url).content.decode()
    saved = submit(session.url, **a_card())

    assert "Save card" in page
    assert "Nothing is charged now." in page
    assert saved.url == "https://shop.example/saved"


def test_a_paid_session_says_so_and_leads_on(shop, browser, submit):
    session = shop.checkout(customer=shop.customer.id)
    submit(session.url, **a_card())

    page = browser.get(session.url)

    assert page.status_code == 200
    assert "This has been paid already" in page.content.decode()
    assert f"https://shop.example/thanks?session={session.id}" in page.content.decode()


def test_an_expired_session_is_gone(shop, browser):
    session = shop.checkout()
    shop.v1.checkout.sessions.expire(session.id)

    page = browser.get(session.url)

    assert page.status_code == 410
    assert CANCEL in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["checkout/cs_test_none", "authenticate/pi_none", "invoices/x", "portal/x"]
)
def test_an_unknown_address_is_not_found(browser, path):
    page = browser.get(f"/stripe-sandbox/{path}/")

    assert page.status_code == 404
    assert "This page does not exist" in page.content.decode()


def test_a_form_from_elsewhere_is_refused(shop, browser):
    session = shop.checkout(customer=shop.customer.id)

    forged = browser.post(session.url, a_card())

    assert forged.status_code == 403
    assert shop.session(session.id).status == "open"


def test_a_listed_test_card_fills_itself_in(shop, browser):
    page = browser.get(f"{shop.checkout().url}?card={ACCEPTED.replace(' ', '')}")

    assert f'value="{ACCEPTED}"' in page.content.decode()


def test_pages_allow_nothing_from_elsewhere_and_are_not_stored(shop, browser):
    page = browser.get(shop.checkout().url)

    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "no-store" in page.headers["Cache-Control"]
    assert "<script" not in page.content.decode()


def test_the_session_chooses_the_language(shop, browser):
    with override("en"):
        page = browser.get(shop.checkout(locale="de").url)

    assert '<html lang="de"' in page.content.decode()
    assert "12,00\xa0€" in page.content.decode()


def test_auto_is_the_browsers_language(shop, browser):
    page = browser.get(
        shop.checkout(locale="auto").url, headers={"accept-language": "de"}
    )

    assert page.headers["Content-Language"] == "de"


def test_a_price_in_tiers_says_what_it_comes_to_and_where_it_begins(shop, browser):
    seats = shop.v1.prices.create(
        {
            "product": shop.price.product,
            "currency": "eur",
            "recurring": {"interval": "month"},
            "billing_scheme": "tiered",
            "tiers_mode": "graduated",
            "tiers": [
                {"up_to": 2, "unit_amount": 700},
                {"up_to": "inf", "unit_amount": 500},
            ],
        }
    )

    session = shop.checkout(line_items=[{"price": seats.id, "quantity": 3}])

    page = browser.get(session.url).content.decode()
    assert "€19.00 a month" in page
    assert "Quantity 3 × from €7.00 a month" in page


def test_tax_on_top_is_said_with_what_comes_each_month(shop, browser):
    vat = {"display_name": "VAT", "percentage": 20, "inclusive": False}
    rate = shop.v1.tax_rates.create(vat).id
    item = {"price": shop.price.id, "quantity": 1, "tax_rates": [rate]}

    page = browser.get(shop.checkout(line_items=[item]).url).content.decode()

    assert "€12.00 a month plus tax" in page
    assert "Pay €14.40 and subscribe" in page


def test_another_currency_than_the_prices_own_is_shown_as_charged(shop, browser):
    price = shop.v1.prices.create(
        {
            "product": shop.price.product,
            "currency": "eur",
            "unit_amount": 1200,
            "currency_options": {"gbp": {"unit_amount": 1000}},
            "recurring": {"interval": "month"},
        }
    )
    item = {"price": price.id, "quantity": 2}

    session = shop.checkout(line_items=[item], currency="gbp")

    page = browser.get(session.url).content.decode()
    assert "£20.00 a month" in page
    assert "Quantity 2 × £10.00 a month" in page
