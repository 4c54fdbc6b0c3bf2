from __future__ import annotations

import re
import time

import pytest

from tests.sandbox.pages.stories import RETURN
from wagtail_billing_portal.sandbox import clock
from wagtail_billing_portal.sandbox.world import account_for_key, open_world

FEATURES = {
    "customer_update": {"enabled": True, "allowed_updates": ["name", "email"]},
}


def wait(shop, seconds):
    with open_world(account_for_key(shop.key)) as world:
        clock.travel(world, max(world.now, int(time.time())) + seconds)


def code_in(page):
    found = re.search(r"<code[^>]*>(\d{6})</code>", page)
    return found and found[1]


@pytest.fixture
def login_page(shop):
    made = shop.v1.billing_portal.configurations.create(
        {
            "features": FEATURES,
            "default_return_url": RETURN,
            "login_page": {"enabled": True},
        }
    )
    return made


@pytest.fixture
def expired(shop):
    """A session that was left lying, and may be had again."""
    configuration = shop.v1.billing_portal.configurations.create({"features": FEATURES})
    session = shop.v1.billing_portal.sessions.create(
        {
            "customer": shop.customer.id,
            "configuration": configuration.id,
            "return_url": RETURN,
            "after_expiration": {"type": "customer_login"},
            "flow_data": {"type": "customer_update"},
        }
    )
    wait(shop, 600)
    return session


@pytest.fixture
def ask(browser):
    """Press the one button of a page."""

    def post(url, **fields):
        token = browser.cookies["csrftoken"].value
        return browser.post(url, {**fields, "csrfmiddlewaretoken": token})

    return post


def test_a_code_opens_the_portal_once(shop, login_page, browser, submit):
    asked = submit(login_page.login_page.url, email=shop.customer.email.upper())
    code = code_in(browser.get(asked.url).content.decode())

    entered = submit(asked.url, code=code)
    home = browser.get(entered.url).content.decode()

    assert shop.customer.name in home
    assert browser.get(asked.url).status_code == 404


def test_an_unknown_address_looks_the_same_and_opens_nothing(
    login_page, browser, submit
):
    asked = submit(login_page.login_page.url, email="eve@shop.example")
    page = browser.get(asked.url).content.decode()

    wrong = submit(asked.url, code="000000").content.decode()

    assert code_in(page) is None
    assert "a code is on its way there" in page
    assert "This code is not right." in wrong


def test_a_code_cannot_be_guessed_for_ever(shop, login_page, browser, submit):
    asked = submit(login_page.login_page.url, email=shop.customer.email)
    code = code_in(browser.get(asked.url).content.decode())
    wrong = "000000" if code != "000000" else "111111"

    pages = [submit(asked.url, code=wrong).status_code for _ in range(5)]

    assert pages[-1] == 410
    assert browser.get(asked.url).status_code == 410


def test_of_several_with_one_address_the_subscriber_is_meant(
    shop, login_page, browser, submit
):
    shop.subscription()
    shop.v1.customers.create({"name": "Newer", "email": shop.customer.email})
    asked = submit(login_page.login_page.url, email=shop.customer.email)
    code = code_in(browser.get(asked.url).content.decode())

    home = browser.get(submit(asked.url, code=code).url).content.decode()

    assert shop.customer.name in home


def test_whoever_came_by_mail_cannot_change_the_address(
    shop, login_page, browser, submit
):
    asked = submit(login_page.login_page.url, email=shop.customer.email)
    code = code_in(browser.get(asked.url).content.decode())
    entered = submit(asked.url, code=code).url

    page = browser.get(f"{entered}details/").content.decode()

    assert 'name="name"' in page
    assert 'name="email"' not in page


def test_a_closed_door_stays_closed(shop, login_page, browser):
    url = login_page.login_page.url

    def turn(enabled):
        return shop.v1.billing_portal.configurations.update(
            login_page.id, {"login_page": {"enabled": enabled}}
        ).login_page.url

    assert turn(False) is None
    assert turn(True) != url
    assert browser.get(url).status_code == 404


def test_an_expired_session_is_had_again_by_its_customer(
    shop, expired, browser, submit, ask
):
    late = browser.get(expired.url)
    asked = ask(f"{expired.url}recover/")
    page = browser.get(asked.url).content.decode()
    entered = submit(asked.url, code=code_in(page))
    again = browser.get(entered.url)

    assert late.status_code == 410
    assert shop.customer.email not in late.content.decode() + page
    assert again.url.endswith("/details/")
    newest = shop.v1.events.list({"limit": 1}).data[0]
    assert newest.type == "billing_portal.session.created"


def test_recovering_needs_a_token_and_has_a_deadline(shop, expired, browser, ask):
    assert browser.post(f"{expired.url}recover/").status_code == 403

    until = {"type": "customer_login", "customer_login": {"expires_at": 0}}
    configuration = expired.configuration
    until["customer_login"]["expires_at"] = int(time.time()) + 4000
    short = shop.v1.billing_portal.sessions.create(
        {
            "customer": shop.customer.id,
            "configuration": configuration,
            "return_url": RETURN,
            "after_expiration": until,
        }
    )
    wait(shop, 5000)

    late = browser.get(short.url)
    browser.get(expired.url)

    assert "This link has expired" in late.content.decode()
    assert "Send me a code" not in late.content.decode()
    assert ask(f"{short.url}recover/").status_code == 404


def test_a_session_lives_by_the_test_clock_of_its_customer(shop, browser):
    frozen = int(time.time()) - 90 * 86_400
    clock_id = shop.v1.test_helpers.test_clocks.create({"frozen_time": frozen}).id
    shop.customer = shop.v1.customers.create({"name": "Ada", "test_clock": clock_id})
    portal = shop.portal()

    before = browser.get(portal.url).status_code
    shop.v1.test_helpers.test_clocks.advance(clock_id, {"frozen_time": frozen + 86_400})

    assert (before, browser.get(portal.url).status_code) == (200, 410)
