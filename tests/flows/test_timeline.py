"""What a subscription's page says of what happened, and of what will."""

from __future__ import annotations

import pytest

from tests.tools.changing import confirm, price_at_stripe
from tests.tools.changing import url as asking
from tests.tools.shop import a_form, soup, the_settings, url, words
from wagtail_billing_portal.models import Act, Subscription, SubscriptionAct
from wagtail_billing_portal.sandbox.billing.outcomes import ActionRequired
from wagtail_billing_portal.sections.words import date_words


def lines(ada, subscription) -> list[str]:
    """The lines of both timelines, the coming one first."""
    page = ada.get(url("subscription", subscription.pk))
    return [words(str(it)) for it in soup(page).select(".billing-timeline dd")]


def asked_by_the_bank(stripe_side, subscription) -> ActionRequired:
    """The question that stands between the member and the newest invoice."""
    wanted = {"subscription": subscription.pk, "expand": ["data.payments"]}
    newest = stripe_side.client.v1.invoices.list(wanted).data[0]
    return ActionRequired(newest.payments.data[0].payment.payment_intent, url="")


@pytest.fixture
def unpaid_change(ada, stripe_side, shop, customer, plans, half_way) -> Subscription:
    """A change that is confirmed, and that the card does not pay."""
    stripe_side.give_card(customer, "pm_card_chargeCustomerFail")
    stripe_side.deliver_all()
    confirm(ada, asking("change_confirm", half_way.pk, price=shop.supporter_yearly))
    return half_way


def test_a_change_that_is_paid_later_is_told_once_whoever_tells_of_it(
    ada, member, stripe_side, shop, customer, unpaid_change
):
    before = lines(ada, unpaid_change)

    stripe_side.settle(customer)
    stripe_side.deliver_shuffled(twice=True)

    assert before == ["Next charge", "Subscribed"]
    assert lines(ada, unpaid_change)[1:] == [
        "Changed: Supporter · yearly",
        "Subscribed",
    ]
    assert SubscriptionAct.objects.get().user == member
    assert price_at_stripe(stripe_side, unpaid_change) == shop.supporter_yearly


def test_a_change_that_the_bank_allowed_is_told(
    ada, stripe_side, shop, customer, plans, half_way
):
    stripe_side.give_card(customer, "pm_card_authenticationRequired")
    stripe_side.deliver_all()
    confirm(ada, asking("change_confirm", half_way.pk, price=shop.supporter_yearly))
    before = lines(ada, half_way)

    stripe_side.answer_the_bank(asked_by_the_bank(stripe_side, half_way), succeed=True)
    stripe_side.deliver_all()

    assert before == ["Next charge", "Subscribed"]
    assert lines(ada, half_way)[1:] == ["Changed: Supporter · yearly", "Subscribed"]


def test_a_change_that_was_paid_on_stripes_page_is_told_once(
    ada, stripe_side, customer, unpaid_change
):
    ada.post(url("hosted_portal"), a_form())
    stripe_side.advance(seconds=90)
    stripe_side.settle(customer)
    stripe_side.deliver_all()

    ada.get(url("hosted_portal_return"))

    assert lines(ada, unpaid_change)[1:] == [
        "Changed: Supporter · yearly",
        "Subscribed",
    ]


def test_a_change_that_lapses_was_none(ada, stripe_side, shop, customer, unpaid_change):
    stripe_side.advance(days=2)
    stripe_side.deliver_all()
    stripe_side.give_card(customer)
    stripe_side.deliver_all()

    confirm(
        ada, asking("change_confirm", unpaid_change.pk, price=shop.supporter_yearly)
    )

    assert lines(ada, unpaid_change)[1:] == [
        "Changed: Supporter · yearly",
        "Subscribed",
    ]


def test_going_on_that_is_paid_later_is_told_once(ada, stripe_side, customer, half_way):
    the_settings(offer_pause=True, pause_without_end=True)
    confirm(ada, url("pause", half_way.pk), length="open")
    stripe_side.stop_paying(customer)
    stripe_side.deliver_all()
    confirm(ada, url("resume", half_way.pk))
    before = lines(ada, half_way)

    stripe_side.settle(customer)
    stripe_side.deliver_shuffled(twice=True)

    assert before == ["Paused", "Subscribed"]
    assert lines(ada, half_way)[1:] == ["Resumed", "Paused", "Subscribed"]


def test_a_pause_that_ends_by_itself_was_nobodys_act(ada, stripe_side, half_way):
    the_settings(offer_pause=True)
    confirm(ada, url("pause", half_way.pk), length="1 month")
    stripe_side.deliver_all()

    stripe_side.advance(days=32)
    stripe_side.deliver_all()

    acts = SubscriptionAct.objects.values_list("act", flat=True)
    assert list(acts) == [Act.PAUSED]


def test_the_end_of_a_discount_is_still_to_come(ada, subscription):
    ada.post(url("apply_code", subscription.pk), a_form(code="WELCOME"))
    [discount] = Subscription.objects.get().current_discounts

    page = ada.get(url("subscription", subscription.pk))

    assert f"{date_words(discount.end)} A discount ends: 25% off" in words(page)


def test_what_ends_before_its_discount_says_nothing_of_that(ada, subscription):
    ada.post(url("apply_code", subscription.pk), a_form(code="WELCOME"))
    ada.post(url("cancel_confirm", subscription.pk), a_form())

    assert "It ends" in lines(ada, subscription)
    assert not [it for it in lines(ada, subscription) if "discount ends" in it]
