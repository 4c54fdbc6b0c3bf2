"""The checkout page where there is more than a card to pay with."""

from __future__ import annotations

from tests.sandbox.pages.stories import a_card

HOLDER = {"name": "Ada Lovelace"}


def an_account(kind, **fields):
    typed = {f"{kind}-{name}": value for name, value in {**HOLDER, **fields}.items()}
    return {"paying_with": kind, "email": "ada@shop.example", **typed}


def by_sepa(iban="DE89 3704 0044 0532 0130 00"):
    return an_account("sepa_debit", iban=iban)


def test_a_debit_is_agreed_to_on_the_page(shop, browser, submit):
    session = shop.checkout()
    page = browser.get(session.url).content.decode()

    done = submit(session.url, **by_sepa())

    assert "SEPA direct debit" in page
    assert "to debit this account" in page
    assert done.status_code == 303
    found = shop.session(session.id)
    assert (found.status, found.payment_status) == ("complete", "unpaid")


def test_a_debit_from_the_united_states(shop, submit):
    price = shop.v1.prices.create(
        {"product": shop.price.product, "currency": "usd", "unit_amount": 900}
    )
    items = [{"price": price.id, "quantity": 1}]
    session = shop.checkout(mode="payment", line_items=items)
    account = {"bank": "110000000", "number": "000123456789"}

    done = submit(session.url, **an_account("us_bank_account", **account))

    assert done.status_code == 303
    assert shop.session(session.id).payment_status == "unpaid"


def test_a_mistyped_account_is_shown_as_a_card_is(shop, submit):
    session = shop.checkout()

    wrong = submit(session.url, **by_sepa("DE00 1234")).content.decode()
    real = submit(session.url, **by_sepa("DE75512108001245126199")).content.decode()

    assert 'href="#id_sepa_debit-iban"' in wrong
    assert "This IBAN has a typing mistake in it." in wrong
    assert "Enter the card number." not in wrong
    assert "This is not a test account." in real


def test_a_test_account_fills_itself_in(shop, browser):
    session = shop.checkout()

    page = browser.get(f"{session.url}?account=DE89370400440532013000")

    form = page.context["asked"]
    assert form.ways.chosen == "sepa_debit"
    assert 'value="DE89370400440532013000"' in page.content.decode()


def test_a_wallet_asks_on_its_own_page(shop, browser, submit):
    session = shop.checkout(allowed_payment_method_types=["card", "paypal"])

    asked = submit(session.url, paying_with="paypal", email="ada@shop.example")
    page = browser.get(asked.url).content.decode()
    done = submit(asked.url, answer="complete")

    assert "Agree at PayPal" in page
    assert done.url.startswith("https://shop.example/thanks")
    assert shop.session(session.id).payment_status == "paid"


def test_a_card_alone_leaves_no_choice(shop, browser, submit):
    session = shop.checkout(allowed_payment_method_types=["card"])

    page = browser.get(session.url).content.decode()

    assert 'name="paying_with"' not in page
    assert "Pay by card" in page
    assert submit(session.url, email="a@b.test", **a_card()).status_code == 303


def test_an_account_alone_is_asked_for_at_once(shop, browser):
    session = shop.checkout(allowed_payment_method_types=["sepa_debit"])

    page = browser.get(session.url).content.decode()

    assert 'name="sepa_debit-iban"' in page
    assert 'name="number"' not in page
