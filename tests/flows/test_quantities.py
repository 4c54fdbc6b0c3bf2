"""A member takes more or fewer units, and adds and removes extras."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.tools.changing import at_stripe, confirm, form_of, url
from tests.tools.groups import group
from tests.tools.shop import soup, words
from wagtail_billing_portal.mirror.backfill import backfill


@pytest.fixture
def ada(client, member, subscription, plans) -> Client:
    client.force_login(member)
    return client


class TestQuantity:
    @pytest.fixture
    def team(self, ada, stripe_side, shop, customer) -> str:
        group(shop.team, minimum=2, maximum=20)
        items = [{"price": shop.team, "quantity": 5}]
        id = stripe_side.client.v1.subscriptions.create(
            {"customer": customer, "items": items}
        ).id
        stripe_side.deliver_all()
        return id

    def test_more_units_are_charged_at_once(self, ada, stripe_side, team):
        asked = ada.get(url("quantity", team, quantity=8))
        shown = ada.get(asked["Location"])
        answer = ada.post(asked["Location"], form_of(shown))

        assert "Pay €12.00 and change" in words(shown)
        detail = words(ada.get(answer["Location"]))
        assert "Your quantity is 8 now." in detail
        assert "Changed: 8 × Bakery team · monthly" in detail

    def test_fewer_units_wait_for_the_end(self, ada, team):
        asked = ada.get(url("quantity", team, quantity=3))

        shown = words(ada.get(asked["Location"]))

        assert "Nothing is charged today." in shown
        assert "€12.00" in shown

    @pytest.mark.parametrize("number", ["1", "21", "0", "-3", "many", ""])
    def test_bounds_hold(self, ada, stripe_side, team, number):
        answer = ada.get(url("quantity", team, quantity=number))

        assert answer.status_code == 422
        past = ada.get(url("change_confirm", team, quantity=number), follow=True)
        assert not form_of(past).get("figures")


class TestExtras:
    @pytest.fixture
    def print_copy(self, stripe_side, shop) -> str:
        price = stripe_side.a_price(300, product="Printed copy")
        list(backfill("default", only=["product", "price"]))
        group(price, are_extras=True)
        return price

    def test_an_extra_is_added_and_removed_again(
        self, ada, stripe_side, print_copy, half_way
    ):
        listed = ada.get(url("extras", half_way.pk))
        [add] = soup(listed).select("a.billing-button")
        answer = confirm(ada, add["href"])

        page = words(ada.get(answer["Location"]))
        assert "Printed copy · monthly is added." in page
        prices = [it.price.id for it in at_stripe(stripe_side, half_way)["items"].data]
        assert prices[1:] == [print_copy]

        listed = ada.get(url("extras", half_way.pk))
        [remove] = soup(listed).select("a.billing-button")
        answer = confirm(ada, remove["href"])

        page = words(ada.get(answer["Location"]))
        assert "Change scheduled: without Printed copy · monthly" in page
        assert "Changed: Printed copy · monthly" in page
        stripe_side.advance(days=17)
        assert len(at_stripe(stripe_side, half_way)["items"].data) == 1
