from __future__ import annotations

import pytest

from tests.sandbox.pages.stories import ASKS, a_card

RETURN = "https://shop.example/saved?from=card"


@pytest.fixture
def asked(shop):
    """A card that a site's own form wants to save, and the bank's question."""
    intent = shop.v1.setup_intents.create(
        {"customer": shop.customer.id, "usage": "off_session"}
    )
    return shop.v1.setup_intents.confirm(
        intent.id,
        {"payment_method": "pm_card_authenticationRequired", "return_url": RETURN},
    )


@pytest.mark.parametrize(
    ("answer", "result"), [("complete", "succeeded"), ("fail", "failed")]
)
def test_a_site_gets_the_payer_back_with_the_result(asked, submit, answer, result):
    back = submit(asked.next_action.redirect_to_url.url, answer=answer)

    assert back.url.startswith(f"{RETURN}&setup_intent={asked.id}&")
    assert back.url.endswith(f"redirect_status={result}")


def test_nothing_is_decided_without_an_answer(shop, asked, submit):
    page = submit(asked.next_action.redirect_to_url.url, answer="perhaps")

    assert "Visa ending 3184" in page.content.decode()
    assert shop.v1.setup_intents.retrieve(asked.id).status == "requires_action"


def test_an_answer_that_came_before_is_told(asked, submit, browser):
    submit(asked.next_action.redirect_to_url.url, answer="complete")

    page = browser.get(asked.next_action.redirect_to_url.url).content.decode()

    assert "Your bank has its answer" in page


def test_the_page_says_who_is_paid_and_how_much(shop, submit, browser):
    asked = submit(shop.checkout(customer=shop.customer.id).url, **a_card(ASKS))

    page = browser.get(asked.url).content.decode()

    for words in ("Sandbox business", "€12.00", "Visa ending 3184"):
        assert words in page


def test_the_business_has_the_name_in_the_settings(shop, browser, settings):
    settings.WAGTAIL_BILLING_SANDBOX = {
        **settings.WAGTAIL_BILLING_SANDBOX,
        "BUSINESS_NAME": "The Weekly Loaf",
    }

    assert "The Weekly Loaf" in browser.get(shop.checkout().url).content.decode()


@pytest.mark.django_db
def test_the_stylesheet_comes_from_the_pages_themselves(client):
    sheet = client.get("/stripe-sandbox/pages.css")

    assert sheet.headers["Content-Type"] == "text/css"
    assert b"--sandbox-accent" in b"".join(sheet.streaming_content)
