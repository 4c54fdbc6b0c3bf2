from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import DAY, NEEDS_3DS
from wagtail_billing_portal.sandbox.billing import checkout, offers

MUG = {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Mug"}}
RETURN = "https://shop.test/back?id={CHECKOUT_SESSION_ID}"


def one_payment(shop, **params):
    items = [{"price_data": MUG, "quantity": 1, **params.pop("item", {})}]
    return shop.session(mode="payment", line_items=items, **params)


def embedded(api, shop, **params):
    order = {
        "mode": "subscription",
        "ui_mode": "embedded_page",
        "line_items": [{"price": shop.price(), "quantity": 1}],
        "return_url": RETURN,
        **params,
    }
    return api.checkout.sessions.create(order)


def test_answers_are_kept_on_the_session_and_the_customer(api, shop):
    session = shop.session(
        custom_fields=[
            {
                "key": "size",
                "label": {"custom": "Size", "type": "custom"},
                "type": "dropdown",
                "dropdown": {"options": [{"label": "Small", "value": "s"}]},
            }
        ],
        consent_collection={"terms_of_service": "required", "promotions": "auto"},
        name_collection={"business": {"enabled": True}},
        phone_number_collection={"enabled": True},
    )
    typed = {
        "business_name": "Bakery",
        "consent": {"promotions": True},
        "custom_fields": {"size": "s"},
        "email": "ada@example.com",
        "phone": "+44 1",
    }

    method = api.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})
    stored = shop.world.get("checkout.session", session.id)
    kept = shop.world.get("payment_method", method.id)
    checkout.pay_with(shop.world, stored, kept, typed=typed)

    done = api.checkout.sessions.retrieve(session.id, {"expand": ["customer"]})
    assert done.custom_fields[0].dropdown.value == "s"
    assert done.consent.terms_of_service == "accepted"
    assert done.consent.promotions == "opt_in"
    assert done.collected_information.business_name == "Bakery"
    assert done.customer_details.phone == "+44 1"
    assert (done.customer.name, done.customer.phone) == ("Bakery", "+44 1")


def test_a_customer_is_changed_only_where_allowed(api, shop):
    customer = shop.customer(card=None, name="Old")
    kept = shop.session(customer=customer)
    shop.pay(kept)
    assert api.customers.retrieve(customer).name == "Old"

    shop.pay(shop.session(customer=customer, customer_update={"name": "auto"}))

    assert api.customers.retrieve(customer).name == "Ada Byron"


def test_an_embedded_session_has_a_secret_and_no_page_of_its_own(api, shop):
    session = embedded(api, shop)

    assert session.url is None
    assert session.client_secret.startswith(f"{session.id}_secret_")
    assert session.redirect_on_completion == "always"
    assert shop.pay(session).redirect_url == f"https://shop.test/back?id={session.id}"


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"return_url": RETURN}, "return_url"),
        ({"redirect_on_completion": "never"}, "redirect_on_completion"),
        ({"ui_mode": "embedded_page"}, "success_url"),
        ({"success_url": "javascript:alert(1)"}, "success_url"),
        ({"cancel_url": "data:text/html,x"}, "cancel_url"),
        ({"customer_update": {"name": "auto"}}, "customer_update"),
        ({"customer_creation": "always"}, "customer_creation"),
        ({"client_reference_id": "x" * 201}, "client_reference_id"),
        ({"submit_type": "donate"}, "submit_type"),
    ],
)
def test_what_does_not_go_together_is_refused(shop, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.session(**params)

    assert refused.value.param == param


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"return_url": "file:///etc/passwd"}, "return_url"),
        ({"redirect_on_completion": "never"}, "return_url"),
        ({"return_url": ""}, "return_url"),
    ],
)
def test_a_frame_must_know_where_it_belongs(api, shop, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        embedded(api, shop, **params)

    assert refused.value.param == param


@pytest.mark.parametrize(
    ("field", "param"),
    [
        ({"key": "not ok"}, "custom_fields[0][key]"),
        ({"label": {"custom": "x" * 51, "type": "custom"}}, "custom_fields[0][label]"),
        (
            {"dropdown": {"options": [{"label": "B", "value": "b"}]}},
            "custom_fields[0][dropdown]",
        ),
    ],
)
def test_a_question_must_make_sense(shop, field, param):
    asked = {"key": "a", "label": {"custom": "A", "type": "custom"}, "type": "text"}

    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.session(custom_fields=[{**asked, **field}])

    assert refused.value.param.startswith(param)


def test_quantities_move_within_their_limits_only(api, shop):
    mugs = {"adjustable_quantity": {"enabled": True, "minimum": 1, "maximum": 3}}
    session = one_payment(shop, item=mugs)
    line = api.checkout.sessions.line_items.list(session.id).data[0]
    stored = shop.world.get("checkout.session", session.id)

    offers.choose(shop.world, stored, {line.id: 3})

    assert api.checkout.sessions.retrieve(session.id).amount_total == 2700
    for wanted in ({line.id: 4}, {line.id: 0}, {line.id: -1}, {"li_other": 1}):
        with pytest.raises(Exception, match="quantity"):
            offers.choose(shop.world, stored, wanted)


def test_a_fixed_quantity_stays(api, shop):
    session = one_payment(shop)
    line = api.checkout.sessions.line_items.list(session.id).data[0]
    stored = shop.world.get("checkout.session", session.id)

    with pytest.raises(Exception, match="can not be changed"):
        offers.choose(shop.world, stored, {line.id: 2})


def test_an_optional_item_comes_and_goes(api, shop):
    spoon = shop.price(300, "Spoon", recurring=None)
    session = one_payment(shop, optional_items=[{"price": spoon, "quantity": 1}])
    world = shop.world

    offers.choose(world, world.get("checkout.session", session.id), {spoon: 1})
    with_spoon = api.checkout.sessions.retrieve(session.id)
    offers.choose(world, world.get("checkout.session", session.id), {spoon: 0})

    assert with_spoon.amount_total == 1200
    assert with_spoon.optional_items[0].price == spoon
    assert api.checkout.sessions.retrieve(session.id).amount_total == 900


def test_an_expired_offer_can_be_recovered_for_a_month(api, shop):
    session = shop.session(after_expiration={"recovery": {"enabled": True}})
    shop.wait(days=1)

    expired = api.checkout.sessions.retrieve(session.id)

    assert expired.status == "expired"
    recovery = expired.after_expiration.recovery
    assert recovery.expires_at == shop.world.now + 30 * DAY
    assert f"/recover/{session.id}/" in recovery.url
    assert shop.last_event("checkout.session.expired").request.id is None


@pytest.mark.parametrize("number", ["4242424242424242", NEEDS_3DS])
def test_a_saved_card_may_be_used_again(api, shop, number):
    customer = shop.customer(card=None)
    saving = {"payment_method_save": "enabled"}
    first = one_payment(shop, customer=customer, saved_payment_method_options=saving)
    card = {"number": number, "exp_month": 12, "exp_year": 2034, "cvc": "123"}
    outcome = checkout.pay(shop.world, first.id, card=card, typed={"save_card": True})
    if number == NEEDS_3DS:
        shop.authenticate(outcome.intent_id)
    again = one_payment(shop, customer=customer)
    stored = shop.world.get("checkout.session", again.id)

    (saved,) = checkout.saved_methods(shop.world, stored)

    assert saved["allow_redisplay"] == "always"
    outcome = checkout.pay(shop.world, again.id, saved=saved["id"])
    if number == NEEDS_3DS:
        shop.authenticate(outcome.intent_id)
    assert api.checkout.sessions.retrieve(again.id).payment_status == "paid"


def test_somebody_elses_card_is_unknown(api, shop):
    theirs = api.payment_methods.attach(
        "pm_card_visa", {"customer": shop.customer(card=None)}
    )
    session = one_payment(shop, customer=shop.customer(card=None))

    with pytest.raises(Exception, match="No such PaymentMethod"):
        checkout.pay(shop.world, session.id, saved=theirs.id)
