"""Coming back after the end."""

from __future__ import annotations

import pytest

from tests.tools.shop import a_form, buttons, url, words
from wagtail_billing_portal.models import CustomerAccess, Role, Subscription


@pytest.fixture
def ended(subscription, stripe_side) -> Subscription:
    """The member's subscription, over and done with."""
    stripe_side.cancel(subscription.pk)
    stripe_side.deliver_all()
    subscription.refresh_from_db()
    return subscription


def test_the_same_plan_begins_anew(ada, ended, stripe_side):
    page = ada.get(url("subscription", ended.pk))
    checkout = ada.post(url("subscribe_again", ended.pk), a_form())
    stripe_side.pay(checkout["Location"])
    stripe_side.deliver_all()

    assert "Subscribe again" in buttons(page)
    anew = Subscription.objects.exclude(pk=ended.pk).get()
    assert anew.price == ended.price
    assert "Subscribe again" not in buttons(ada.get(url("subscription", ended.pk)))


def test_what_is_no_longer_sold_is_said(ada, ended, stripe_side):
    stripe_side.client.v1.prices.update(ended.price.pk, {"active": False})
    stripe_side.deliver_all()

    page = ada.get(url("subscription", ended.pk))
    ada.post(url("subscribe_again", ended.pk), a_form())

    assert "This plan is no longer sold." in words(page)
    assert "Subscribe again" not in buttons(page)
    assert not stripe_side.events("checkout.session.completed")


def test_what_runs_needs_no_beginning(ada, subscription):
    page = ada.post(url("subscribe_again", subscription.pk), a_form(), follow=True)

    assert "This subscription is still running." in words(page)


def test_a_viewer_has_no_button(ada, ended):
    CustomerAccess.objects.update(role=Role.VIEWER)

    page = ada.get(url("subscription", ended.pk))

    assert "Subscribe again" not in buttons(page)
