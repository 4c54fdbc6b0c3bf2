"""The plan that is offered to whoever leaves is the one they get, at the sum they read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tools.changing import at_stripe, confirm, url
from tests.tools.groups import group
from tests.tools.shop import buttons, sold, soup, subscribed, the_settings, words
from wagtail_billing_portal.models import (
    Act,
    GroupedPrice,
    Price,
    RetentionOffer,
    Subscription,
    SubscriptionAct,
)
from wagtail_billing_portal.models.portal_choices import OfferKind


@pytest.fixture(autouse=True)
def offer(db) -> RetentionOffer:
    """A cheaper plan is offered, and comes at once."""
    settings = the_settings(wait_if_cheaper=False)
    kind = OfferKind.CHEAPER_PLAN
    made: RetentionOffer = RetentionOffer.objects.create(settings=settings, kind=kind)
    return made


@pytest.fixture
def seat(stripe_side) -> Price:
    (price,) = sold(stripe_side, 400, product="Seat")
    return price


@pytest.fixture
def plain_seat(stripe_side) -> Price:
    (price,) = sold(stripe_side, 300, product="Plain seat")
    return price


def six_of(stripe_side, member, seat: Price) -> Subscription:
    items = [{"price": seat.pk, "quantity": 6}]
    return subscribed(stripe_side, member, seat, items=items)


def leave(ada, subscription: Subscription) -> Any:
    return ada.post(url("cancel", subscription.pk), {"reason": ""}, follow=True)


def take(ada, page: Any) -> None:
    """Follow the offer, and confirm what that shows."""
    [link, _go_on] = soup(page).select(".billing-actions > a")
    confirm(ada, link["href"])


def items_of(stripe_side, subscription: Subscription) -> list[tuple[str, int]]:
    items = at_stripe(stripe_side, subscription)["items"].data
    return [(it.price.id, it.quantity) for it in items]


def test_six_seats_are_offered_as_six(ada, stripe_side, member, seat, plain_seat):
    group(seat.pk, plain_seat.pk, maximum=9)
    held = six_of(stripe_side, member, seat)

    page = leave(ada, held)
    take(ada, page)

    said = "Plain seat · monthly instead, for €18.00 a month (6 × €3.00), tax included"
    assert said in words(page)
    assert items_of(stripe_side, held) == [(plain_seat.pk, 6)]
    assert SubscriptionAct.objects.filter(act=Act.ACCEPTED).exists()


def test_of_a_plan_with_fewer_seats_as_many_are_offered_as_it_has(
    ada, stripe_side, member, seat, plain_seat
):
    plans = group(seat.pk, plain_seat.pk, maximum=9)
    GroupedPrice.objects.filter(group=plans, price=plain_seat).update(maximum=4)
    held = six_of(stripe_side, member, seat)

    page = leave(ada, held)
    take(ada, page)

    assert "for €12.00 a month (4 × €3.00)" in words(page)
    assert items_of(stripe_side, held) == [(plain_seat.pk, 4)]


def test_a_plan_for_all_of_them_together_is_one(ada, stripe_side, member, seat):
    (flat,) = sold(stripe_side, 2000, product="House")
    plans = group(seat.pk, flat.pk, maximum=9)
    GroupedPrice.objects.filter(group=plans, price=flat).update(maximum=1)
    held = six_of(stripe_side, member, seat)

    page = leave(ada, held)
    take(ada, page)

    assert "House · monthly instead, for €20.00 a month, tax included" in words(page)
    assert items_of(stripe_side, held) == [(flat.pk, 1)]


def test_what_is_cheaper_by_the_piece_alone_is_no_offer(
    ada, stripe_side, member, seat, plain_seat
):
    """At least ten have to be taken: thirty euros instead of twenty-four."""
    plans = group(seat.pk, plain_seat.pk, maximum=20)
    GroupedPrice.objects.filter(group=plans, price=plain_seat).update(minimum=10)
    held = six_of(stripe_side, member, seat)

    assert "Take the offer" not in buttons(leave(ada, held))


def test_of_several_things_the_one_that_can_be_cheaper_is_named(
    ada, stripe_side, member, seat, plain_seat
):
    (archive,) = sold(stripe_side, 500, product="Archive")
    group(seat.pk, plain_seat.pk, maximum=9)
    items = [{"price": archive.pk}, {"price": seat.pk, "quantity": 2}]
    held = subscribed(stripe_side, member, archive, items=items)

    page = leave(ada, held)
    take(ada, page)

    said = "Instead of Seat · monthly you can have Plain seat · monthly, for €6.00"
    assert said in words(page)
    assert items_of(stripe_side, held) == [(archive.pk, 1), (plain_seat.pk, 2)]


def test_another_number_than_was_offered_is_no_offer_taken(
    ada, stripe_side, member, seat, plain_seat, offer
):
    group(seat.pk, plain_seat.pk, maximum=9)
    held = six_of(stripe_side, member, seat)
    leave(ada, held)

    asked = {"price": plain_seat.pk, "quantity": 2, "offer": offer.pk}
    confirm(ada, url("change_confirm", held.pk, **asked))

    assert items_of(stripe_side, held) == [(plain_seat.pk, 2)]
    assert not SubscriptionAct.objects.filter(act=Act.ACCEPTED).exists()
