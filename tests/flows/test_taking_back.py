"""A site stops offering something; whoever has begun it can still take it back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tools.changing import at_stripe, confirm, form_of
from tests.tools.changing import url as asking
from tests.tools.groups import group
from tests.tools.shop import a_form, buttons, the_settings, url, words
from wagtail_billing_portal.models import Subscription

NOTHING = {
    f"offer_{feature}": False
    for feature in ("cancel", "change_plan", "change_quantity", "pause")
} | {"offer_promotion_codes": False, "offer_subscribe": False}


def detail(ada, subscription) -> Any:
    return ada.get(url("subscription", subscription.pk))


@pytest.mark.parametrize(
    "how",
    [
        {"billing_mode": {"type": "flexible"}},
        {"pause_collection": {"behavior": "void"}},
    ],
    ids=["wholly", "its invoices alone"],
)
def test_whoever_staff_paused_resumes_though_nothing_is_offered(
    ada, stripe_side, shop, customer, how
):
    id = stripe_side.subscribe(
        customer, shop.supporter, billing_mode={"type": "flexible"}
    )
    at = stripe_side.client.v1.subscriptions
    if "pause_collection" in how:
        at.update(id, how)
    else:
        at.pause(id, {"type": "subscription"})
    stripe_side.deliver_all()
    paused = Subscription.objects.get(pk=id)
    the_settings(**NOTHING)

    page = detail(ada, paused)
    answer = confirm(ada, url("resume", paused.pk))

    assert "Resume" in buttons(page)
    assert "Supporter goes on." in words(ada.get(answer["Location"]))
    at_last = at_stripe(stripe_side, paused)
    assert (at_last.status, at_last.pause_collection) == ("active", None)


def test_a_number_that_was_scheduled_is_undone_where_plans_are_not_changed(
    ada, stripe_side, shop, customer
):
    group(shop.team, minimum=2, maximum=20)
    the_settings(offer_change_plan=False)
    items = [{"price": shop.team, "quantity": 5}]
    id = stripe_side.client.v1.subscriptions.create(
        {"customer": customer, "items": items}
    ).id
    stripe_side.deliver_all()
    team = Subscription.objects.get(pk=id)
    asked = ada.get(asking("quantity", id, quantity=3))
    ada.post(asked["Location"], form_of(ada.get(asked["Location"])))

    page = detail(ada, team)
    ada.post(url("undo_change", id), a_form())

    assert "Undo this change" in buttons(page)
    assert at_stripe(stripe_side, team).schedule is None


def test_what_staff_cancelled_is_kept_though_cancelling_is_not_offered(
    ada, stripe_side, subscription
):
    the_settings(**NOTHING)
    stripe_side.client.v1.subscriptions.update(
        subscription.pk, {"cancel_at_period_end": True}
    )
    stripe_side.deliver_all()

    page = detail(ada, subscription)
    ada.post(url("undo_cancel", subscription.pk), a_form())

    assert buttons(page) == ["Keep subscription"]
    assert at_stripe(stripe_side, subscription).cancel_at is None


def test_a_code_that_was_redeemed_is_let_go_of_though_no_more_are_taken(
    ada, stripe_side, subscription
):
    ada.post(url("apply_code", subscription.pk), a_form(code="WELCOME"))
    [discount] = at_stripe(stripe_side, subscription).discounts
    the_settings(**NOTHING)

    page = detail(ada, subscription)
    ada.post(url("remove_discount", subscription.pk), a_form(discount=str(discount)))

    assert buttons(page) == ["Remove WELCOME"]
    assert at_stripe(stripe_side, subscription).discounts == []
