from __future__ import annotations

import pytest

from tests.sandbox.pages.stories import ACCEPTED, ASKS, a_card

RETURN = "https://shop.example:8443/done?s={CHECKOUT_SESSION_ID}"
SIZE = {
    "key": "size",
    "label": {"custom": "T-shirt size", "type": "custom"},
    "type": "dropdown",
    "dropdown": {"options": [{"label": "Small", "value": "s"}]},
}


@pytest.fixture
def mug(shop):
    product = shop.v1.products.create({"name": "Mug"})
    return shop.v1.prices.create(
        {"product": product.id, "currency": "eur", "unit_amount": 900}
    )


@pytest.fixture
def embedded(shop):
    return shop.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "ui_mode": "embedded_page",
            "customer": shop.customer.id,
            "line_items": [{"price": shop.price.id, "quantity": 1}],
            "return_url": RETURN,
        }
    )


def frame_of(session):
    return f"/stripe-sandbox/embedded/{session.client_secret}/"


def once(shop, mug, **params):
    item = {"price": mug.id, "quantity": 1, **params.pop("item", {})}
    return shop.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "line_items": [item],
            "success_url": "https://shop.example/thanks",
            **params,
        }
    )


def test_everything_that_is_asked_must_be_answered(shop, submit):
    session = shop.checkout(
        customer=shop.customer.id,
        billing_address_collection="required",
        consent_collection={"terms_of_service": "required"},
        custom_fields=[SIZE],
        phone_number_collection={"enabled": True},
    )

    refused = submit(session.url, **a_card()).content.decode()

    for name in ("phone", "line1", "postal_code", "city", "custom_size", "terms"):
        assert f'href="#id_{name}"' in refused
        assert f'id="id_{name}_error"' in refused


def test_answers_reach_the_session(shop, submit):
    session = shop.checkout(
        customer=shop.customer.id,
        customer_update={"address": "auto"},
        billing_address_collection="required",
        consent_collection={"terms_of_service": "required"},
        custom_fields=[SIZE],
        phone_number_collection={"enabled": True},
    )

    submit(
        session.url,
        **a_card(),
        phone="+44 20 1",
        line1="High Street 1",
        postal_code="N1",
        city="London",
        custom_size="s",
        terms="on",
    )

    done = shop.session(session.id)
    assert done.status == "complete"
    assert done.custom_fields[0].dropdown.value == "s"
    assert done.consent.terms_of_service == "accepted"
    customer = shop.v1.customers.retrieve(shop.customer.id)
    assert (customer.address.city, customer.address.country) == ("London", "GB")
    assert customer.phone == "+44 20 1"


def test_an_invented_answer_is_refused(shop, submit):
    session = shop.checkout(customer=shop.customer.id, custom_fields=[SIZE])

    submit(session.url, **a_card(), custom_size="xxl")

    assert shop.session(session.id).status == "open"


def test_the_businesss_own_words_are_text_not_markup(shop, browser):
    session = shop.checkout(custom_text={"submit": {"message": "<b>Soon</b>"}})

    page = browser.get(session.url).content.decode()

    assert "&lt;b&gt;Soon&lt;/b&gt;" in page


def test_the_quantity_can_be_chosen_without_javascript(shop, mug, submit, browser):
    adjustable = {"adjustable_quantity": {"enabled": True, "maximum": 5}}
    session = once(shop, mug, item=adjustable)
    line = shop.v1.checkout.sessions.line_items.list(session.id).data[0].id

    submit(session.url, do="order", **{f"quantity_{line}": "4"})

    assert shop.session(session.id).amount_total == 3600
    assert "Pay €36.00" in browser.get(session.url).content.decode()


@pytest.mark.parametrize("wanted", ["6", "-1", "1000000", "1.5", ""])
def test_a_tampered_quantity_changes_nothing(shop, mug, submit, wanted):
    adjustable = {"adjustable_quantity": {"enabled": True, "maximum": 5}}
    session = once(shop, mug, item=adjustable)
    line = shop.v1.checkout.sessions.line_items.list(session.id).data[0].id

    page = submit(session.url, do="order", **{f"quantity_{line}": wanted})

    assert page.status_code == 200
    assert shop.session(session.id).amount_total == 900


def test_nobody_pays_another_sum_than_they_saw(shop, mug, submit):
    session = once(shop, mug)

    page = submit(session.url, email="ada@shop.example", seen="1", **a_card())

    assert "The order has changed." in page.content.decode()
    assert shop.session(session.id).status == "open"


def test_an_optional_item_is_added_by_the_payer(shop, mug, submit):
    extra = {"optional_items": [{"price": mug.id, "quantity": 1}]}
    tea = shop.v1.prices.create(
        {"product_data": {"name": "Tea"}, "currency": "eur", "unit_amount": 100}
    )
    session = once(shop, tea, **extra)

    submit(session.url, do="order", **{f"quantity_{mug.id}": "1"})

    assert shop.session(session.id).amount_total == 1000


def test_a_saved_card_needs_no_typing(shop, mug, submit, browser):
    saving = {"payment_method_save": "enabled"}
    first = once(
        shop, mug, customer=shop.customer.id, saved_payment_method_options=saving
    )
    submit(first.url, save_card="on", **a_card())
    again = once(shop, mug, customer=shop.customer.id)
    page = browser.get(again.url).content.decode()
    method = shop.v1.payment_methods.list({"customer": shop.customer.id}).data[0]

    paid = submit(again.url, paying_with=method.id)

    assert "Visa ending 4242" in page
    assert paid.status_code == 303
    assert shop.session(again.id).payment_status == "paid"


def test_a_gift_is_called_a_gift(shop, mug, browser):
    page = browser.get(once(shop, mug, submit_type="donate").url).content.decode()

    assert "Donate €9.00" in page


def test_an_expired_offer_is_taken_up_again(shop, browser):
    session = shop.checkout(after_expiration={"recovery": {"enabled": True}})
    expired = shop.v1.checkout.sessions.expire(session.id)

    again = browser.get(expired.after_expiration.recovery.url)

    fresh = shop.session(again.url.rstrip("/").rpartition("/")[2])
    assert (fresh.recovered_from, fresh.status) == (session.id, "open")
    wrong = browser.get(f"/stripe-sandbox/recover/{session.id}/guess/")
    assert wrong.status_code == 404


def test_a_frame_opens_for_its_own_site_only(embedded, browser):
    page = browser.get(frame_of(embedded))

    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors https://shop.example:8443" in policy
    assert "script-src 'self'" in policy
    assert "X-Frame-Options" not in page.headers


def test_a_page_of_its_own_is_never_framed(shop, browser):
    page = browser.get(shop.checkout().url)

    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"


def test_a_frame_tells_its_site_and_leads_on(shop, embedded, browser, submit):
    submit(frame_of(embedded), **a_card())

    done = browser.get(frame_of(embedded)).content.decode()

    assert f'data-session="{embedded.id}"' in done
    assert f'data-goes-to="https://shop.example:8443/done?s={embedded.id}"' in done
    assert 'target="_top"' in done
    assert f"https://shop.example:8443/done?s={embedded.id}" in done
    assert shop.session(embedded.id).status == "complete"


def test_the_bank_is_asked_outside_the_frame(shop, embedded, submit):
    asked = submit(frame_of(embedded), **a_card(ASKS)).content.decode()

    assert "Go to your bank" in asked
    assert 'target="_top"' in asked


def test_a_frame_is_opened_by_its_secret_alone(shop, embedded, browser):
    other = shop.checkout()
    secret = embedded.client_secret.partition("_secret_")[2]

    for path in (
        f"checkout/{embedded.id}",
        f"embedded/{embedded.id}_secret_guess",
        f"embedded/{other.id}_secret_{secret}",
        f"embedded/{other.id}",
    ):
        assert browser.get(f"/stripe-sandbox/{path}/").status_code == 404


def test_a_payment_link_opens_a_session(shop, mug, browser, submit):
    link = shop.v1.payment_links.create(
        {
            "line_items": [{"price": mug.id, "quantity": 1}],
            "after_completion": {
                "type": "hosted_confirmation",
                "hosted_confirmation": {"custom_message": "See you at the fair."},
            },
        }
    )

    opened = browser.get(f"{link.url}?prefilled_email=ada@shop.example")
    page = browser.get(opened.url).content.decode()
    paid = submit(opened.url, email="ada@shop.example", **a_card(ACCEPTED))
    thanks = browser.get(paid.url).content.decode()

    assert opened.status_code == 303
    assert 'value="ada@shop.example"' in page
    assert "See you at the fair." in thanks


def test_a_locked_address_cannot_be_changed(shop, mug, browser, submit):
    link = shop.v1.payment_links.create(
        {
            "line_items": [{"price": mug.id, "quantity": 1}],
            "customer_creation": "always",
        }
    )
    opened = browser.get(f"{link.url}?locked_prefilled_email=ada@shop.example")

    submit(opened.url, email="eve@shop.example", **a_card())

    session = shop.session(opened.url.rstrip("/").rpartition("/")[2])
    assert session.customer_details.email == "ada@shop.example"


def test_a_closed_link_says_so(shop, mug, browser):
    link = shop.v1.payment_links.create(
        {"line_items": [{"price": mug.id, "quantity": 1}]}
    )
    shop.v1.payment_links.update(
        link.id, {"active": False, "inactive_message": "Sold out."}
    )

    page = browser.get(link.url)

    assert page.status_code == 410
    assert "Sold out." in page.content.decode()
