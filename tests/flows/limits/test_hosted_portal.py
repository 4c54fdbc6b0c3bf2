"""D15 and D26: the way to Stripe's own page."""

from __future__ import annotations

from tests.tools.shop import a_form, the_settings, url, words
from wagtail_billing_portal.models import Subscription


def test_d15_a_session_is_made_on_the_click_and_never_for_a_page(
    ada, stripe_side, subscription: Subscription
):
    pages = [ada.get(url("overview")), ada.get(url("subscription", subscription.pk))]
    assert stripe_side.events("billing_portal.session.created") == []

    answer = ada.post(url("hosted_portal"), a_form())

    [_made] = stripe_side.events("billing_portal.session.created")
    token = answer["Location"].rstrip("/").rpartition("/")[2]
    assert answer.status_code == 303
    assert "no-store" in answer["Cache-Control"]
    for page in pages:
        assert token not in page.content.decode()
        assert "private" in page["Cache-Control"]


def test_d15_looking_at_its_address_makes_none(ada, stripe_side, subscription):
    assert ada.get(url("hosted_portal")).status_code == 405

    assert stripe_side.events("billing_portal.session.created") == []


def test_d15_whoever_comes_back_and_clicks_again_has_a_session_that_lives(
    ada, stripe_side, subscription
):
    form = a_form()
    first = ada.post(url("hosted_portal"), form)
    stripe_side.advance(days=1)

    again = ada.post(url("hosted_portal"), form)

    assert again["Location"] != first["Location"]
    assert ada.get(again["Location"]).status_code == 200
    assert words(ada.get(first["Location"])) != words(ada.get(again["Location"]))


def test_d26_nobody_has_to_save_anything_at_stripe_first(
    ada, stripe_side, subscription
):
    configurations = stripe_side.client.v1.billing_portal.configurations
    assert configurations.list({}).data == []

    answer = ada.post(url("hosted_portal"), a_form())

    assert answer.status_code == 303
    [event] = stripe_side.events("billing_portal.session.created")
    [made] = configurations.list({}).data
    assert event["data"]["object"]["configuration"] == made.id
    assert the_settings().stripe_configuration == made.id
