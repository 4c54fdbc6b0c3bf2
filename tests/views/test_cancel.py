from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.tools.shop import a_form, buttons, soup, the_settings, url, words
from wagtail_billing_portal.mirror import inbox
from wagtail_billing_portal.models import CustomerAccess, Role
from wagtail_billing_portal.sandbox.signals import request_answered
from wagtail_billing_portal.sections.words import date_words

REASONS = {"reason": "too_expensive", "comment": "Flour is dear"}


@pytest.fixture
def webhooks_before_answers(stripe_side) -> Iterator[None]:
    """What a request causes is applied before the site hears the answer to it.

    What a webhook leaves to be fetched takes longer than that.
    """
    is_delivering = False

    def deliver(**about: object) -> None:
        nonlocal is_delivering
        if not is_delivering:
            is_delivering = True
            for event in stripe_side.waiting():
                inbox.store_and_apply(stripe_side.account, event)
                stripe_side.lose(event)
            is_delivering = False

    request_answered.connect(deliver)
    yield
    request_answered.disconnect(deliver)


def test_the_first_step_asks_why_in_the_editors_choice_of_reasons(ada, subscription):
    the_settings(cancel_reasons=["unused", "other"])

    page = ada.get(url("cancel", subscription.pk))

    choices = [it.text.strip() for it in soup(page).select(".billing-choice")]
    assert choices == ["I don't use it enough", "Another reason"]
    assert not soup(page).select("[checked], [required]")
    assert buttons(page) == ["Continue to cancel", "Keep Supporter"]


def test_what_was_said_is_kept_out_of_every_address(ada, subscription):
    response = ada.post(url("cancel", subscription.pk), REASONS)
    back = ada.get(url("cancel", subscription.pk))

    assert response.status_code == 303
    assert response["Location"] == url("cancel_confirm", subscription.pk)
    assert soup(back).select_one("[checked]")["value"] == "too_expensive"
    assert soup(back).textarea.text.strip() == "Flour is dear"


def test_nobody_has_to_say_why(ada, subscription):
    response = ada.post(url("cancel", subscription.pk), {})

    assert response["Location"] == url("cancel_confirm", subscription.pk)


def test_a_reason_that_was_not_offered_is_refused(ada, subscription):
    the_settings(cancel_reasons=["unused"])

    page = ada.post(url("cancel", subscription.pk), REASONS)

    assert page.status_code == 422
    assert soup(page).select(".billing-error")


@pytest.mark.parametrize(
    "fields", [{"ask_cancel_reason": False}, {"cancel_reasons": []}]
)
def test_a_site_that_asks_nothing_goes_to_the_last_step(ada, subscription, fields):
    the_settings(**fields)

    page = ada.get(url("cancel", subscription.pk), follow=True)

    assert page.redirect_chain == [(url("cancel_confirm", subscription.pk), 303)]
    assert not soup(page).select(".billing-steps")
    assert "Back" not in [it.text for it in soup(page).select("form a")]


def test_the_last_step_says_what_will_happen_and_when(ada, subscription):
    page = ada.get(url("cancel_confirm", subscription.pk))

    until = date_words(subscription.current_period_end)
    assert f"You keep access until {until}" in words(page)
    assert "nothing more is charged" in words(page)
    assert buttons(page) == ["Cancel Supporter", "Keep Supporter"]


def test_looking_changes_nothing(ada, subscription):
    ada.get(url("cancel", subscription.pk))
    ada.post(url("cancel", subscription.pk), REASONS)
    ada.get(url("cancel_confirm", subscription.pk))

    subscription.refresh_from_db()
    assert not subscription.is_ending


def test_afterwards_the_page_says_until_when_and_how_to_undo(ada, subscription):
    ada.post(url("cancel", subscription.pk), REASONS)

    page = ada.post(url("cancel_confirm", subscription.pk), a_form(), follow=True)

    until = date_words(subscription.current_period_end)
    assert page.redirect_chain == [(url("subscription", subscription.pk), 303)]
    assert f"Supporter is cancelled. You keep access until {until}." in words(page)
    assert buttons(page) == ["Keep subscription"]
    assert "billing_cancel" not in ada.session


def test_cancelling_twice_is_told_not_repeated(ada, subscription):
    ada.post(url("cancel_confirm", subscription.pk), a_form())

    page = ada.post(url("cancel_confirm", subscription.pk), a_form(), follow=True)

    assert "This subscription is already cancelled." in words(page)


def test_undoing_goes_back_to_where_the_button_was(ada, subscription):
    ada.post(url("cancel_confirm", subscription.pk), a_form())

    response = ada.post(url("undo_cancel", subscription.pk), a_form(next="/plans/"))

    subscription.refresh_from_db()
    assert response["Location"] == "/plans/"
    assert not subscription.is_ending


def test_a_webhook_that_is_faster_than_the_answer_hides_nothing(
    ada, subscription, stripe_side, webhooks_before_answers
):
    stripe_side.stop_clock(stripe_side.world.now + 60)

    ada.post(url("cancel_confirm", subscription.pk), a_form(), follow=True)
    page = ada.post(url("undo_cancel", subscription.pk), a_form(), follow=True)

    subscription.refresh_from_db()
    assert not subscription.is_ending
    assert "Supporter goes on as before." in words(page)
    assert "You keep access until" not in words(page)


def test_a_form_without_its_key_changes_nothing(ada, subscription):
    page = ada.post(url("cancel_confirm", subscription.pk), {}, follow=True)

    subscription.refresh_from_db()
    assert "That form was incomplete. Nothing was changed." in words(page)
    assert not subscription.is_ending


def test_a_viewer_reads_why_not(ada, subscription):
    CustomerAccess.objects.update(role=Role.VIEWER)

    page = ada.get(url("cancel", subscription.pk), follow=True)

    assert page.redirect_chain == [(url("subscription", subscription.pk), 303)]
    assert "only its owner or a manager can change it" in words(page)
