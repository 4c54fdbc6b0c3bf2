"""D16: pauses are there on Stripe's redesigned pages alone, in one billing mode."""

from __future__ import annotations

import pytest

from tests.tools.changing import at_stripe, confirm, url
from tests.tools.shop import buttons, the_settings, words
from wagtail_billing_portal.models import Subscription


@pytest.fixture(autouse=True)
def pauses(db: None) -> None:
    the_settings(offer_pause=True, pause_without_end=True)


def with_mode(stripe_side, shop, customer, mode: str) -> Subscription:
    id = stripe_side.subscribe(customer, shop.supporter, billing_mode={"type": mode})
    stripe_side.deliver_all()
    return Subscription.objects.get(pk=id)


def test_d16_in_flexible_mode_the_site_pauses_it_itself(
    ada, stripe_side, shop, customer
):
    made = with_mode(stripe_side, shop, customer, "flexible")

    answer = confirm(ada, url("pause", made.pk), length="open")

    assert at_stripe(stripe_side, made).status == "paused"
    assert "you have no access" in words(ada.get(answer["Location"]))
    assert stripe_side.events("billing_portal.session.created") == []


def test_d16_in_classic_mode_the_invoices_rest_and_the_difference_is_said(
    ada, stripe_side, shop, customer
):
    made = with_mode(stripe_side, shop, customer, "classic")

    shown = words(ada.get(url("pause", made.pk)))
    answer = confirm(ada, url("pause", made.pk), length="open")

    at = at_stripe(stripe_side, made)
    assert (at.status, at.pause_collection.behavior) == ("active", "void")
    assert "Your subscription itself goes on" in shown
    assert "Nothing is charged until you resume." in words(ada.get(answer["Location"]))


def test_d16_with_a_change_scheduled_there_is_no_pause_and_the_page_says_why(
    ada, stripe_side, shop, plans, half_way
):
    confirm(ada, url("change_confirm", half_way.pk, price=shop.reader))

    page = ada.get(url("subscription", half_way.pk))
    tried = ada.get(url("pause", half_way.pk), follow=True)

    assert "Pause" not in buttons(page)
    assert "Undo it first; then you can change this." in words(page)
    assert "A change is already scheduled." in words(tried)
