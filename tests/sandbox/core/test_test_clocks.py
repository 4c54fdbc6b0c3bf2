from __future__ import annotations

import time

import pytest
import stripe

from tests.sandbox.resources.shop import DAY, Shop, moment
from wagtail_billing_portal.sandbox import clock
from wagtail_billing_portal.sandbox.world import open_world, world_holding

START = moment(2027, 1, 10)
MONTH_LATER = moment(2027, 2, 10, 2)


class OnClock(Shop):
    """A shop in real time, with a customer whose time is a test clock's."""

    def __init__(self, api, world):
        self.api, self.world = api, world
        self.clock = api.test_helpers.test_clocks.create({"frozen_time": START}).id

    def advance(self, to):
        return self.api.test_helpers.test_clocks.advance(
            self.clock, {"frozen_time": to}
        )

    def retrieve(self):
        return self.api.test_helpers.test_clocks.retrieve(self.clock)

    def subscriber(self, **params):
        customer = self.customer(test_clock=self.clock)
        params.setdefault("items", [{"price": self.price()}])
        return self.api.subscriptions.create({"customer": customer, **params})


@pytest.fixture
def shop(api, world):
    return OnClock(api, world)


def test_what_a_customer_on_a_clock_has_is_made_at_its_time(shop, api):
    subscription = shop.subscriber()

    customer = api.customers.retrieve(subscription.customer)
    invoice = api.invoices.retrieve(subscription.latest_invoice)
    for obj in (customer, subscription, invoice):
        assert obj.test_clock == shop.clock
        assert obj.created == START
    assert shop.last_event("invoice.paid").created == START
    assert abs(api.products.create({"name": "Real"}).created - time.time()) < 5


def test_advancing_is_answered_at_once_and_done_at_the_next_look(shop, api):
    subscription = shop.subscriber()

    answer = shop.advance(MONTH_LATER)

    assert answer.status == "advancing"
    assert answer.frozen_time == START
    assert answer.status_details.advancing.target_frozen_time == MONTH_LATER
    clock_now = shop.retrieve()
    assert (clock_now.status, clock_now.frozen_time) == ("ready", MONTH_LATER)
    assert "advancing" not in clock_now.status_details
    [renewal, first] = shop.invoices(subscription=subscription.id)
    assert (first.created, renewal.created) == (START, moment(2027, 2, 10))
    types = shop.events()
    advancing = types.index("test_helpers.test_clock.advancing")
    assert types[-1] == "test_helpers.test_clock.ready"
    assert "invoice.paid" in types[advancing:-1]
    assert shop.last_event("invoice.paid").created == moment(2027, 2, 10, 1)
    assert shop.last_event("test_helpers.test_clock.ready").created == MONTH_LATER


def test_each_clock_has_its_own_time(shop, api):
    other = OnClock(api, shop.world)
    mine, theirs = shop.subscriber(), other.subscriber()
    outside = shop.subscribe()

    shop.advance(MONTH_LATER)

    assert len(shop.invoices(subscription=mine.id)) == 2
    assert len(other.invoices(subscription=theirs.id)) == 1
    assert len(shop.invoices(subscription=outside.id)) == 1


def test_the_demo_clock_does_not_move_test_clocks(shop, api, account):
    subscription = shop.subscriber()

    with open_world(account) as world:
        clock.travel(world, world.now + 2 * DAY)

    assert len(shop.invoices(subscription=subscription.id)) == 1
    assert api.customers.retrieve(subscription.customer).created == START


def test_later_requests_are_answered_at_the_time_of_the_clock(shop, api):
    subscription = shop.subscriber()
    shop.advance(START + 3 * DAY)

    api.subscriptions.cancel(subscription.id)
    method = api.payment_methods.list({"customer": subscription.customer}).data[0]
    detached = api.payment_methods.detach(method.id)

    assert shop.subscription(subscription.id).canceled_at == START + 3 * DAY
    assert detached.customer is None
    assert shop.last_event("payment_method.detached").created == START + 3 * DAY


def test_pages_open_at_the_time_of_the_clock(shop):
    customer = shop.customer(test_clock=shop.clock)
    session = shop.session(customer=customer)

    with world_holding("checkout.session", session.id) as world:
        assert world.now == START
    assert session.created == START


@pytest.mark.parametrize(
    ("order", "limit"),
    [
        pytest.param({"interval": "day"}, START + 2 * DAY, id="daily"),
        pytest.param({"interval": "month"}, moment(2027, 3, 10), id="monthly"),
        pytest.param(
            {"interval": "month", "interval_count": 3}, moment(2027, 7, 10), id="3m"
        ),
        pytest.param(None, moment(2029, 1, 10), id="no subscription"),
    ],
)
def test_a_clock_goes_two_intervals_at_a_time(shop, order, limit):
    if order:
        shop.subscriber(items=[{"price": shop.price(recurring=order)}])

    with pytest.raises(stripe.InvalidRequestError, match=f"up to {limit} ") as refused:
        shop.advance(limit + 1)
    assert refused.value.param == "frozen_time"

    assert shop.advance(limit).status == "advancing"


def test_a_clock_only_moves_forward(shop):
    with pytest.raises(stripe.InvalidRequestError, match="2027-01-10 00:00:00 UTC"):
        shop.advance(START)


def test_plain_lists_leave_out_what_is_on_a_clock(shop, api):
    subscription = shop.subscriber()
    customer = subscription.customer

    assert api.customers.list().data == []
    assert api.subscriptions.list().data == []
    assert api.invoices.list().data == []
    assert len(api.customers.list({"test_clock": shop.clock}).data) == 1
    assert len(api.subscriptions.list({"test_clock": shop.clock}).data) == 1
    assert len(api.subscriptions.list({"customer": customer}).data) == 1
    assert len(api.invoices.list({"customer": customer}).data) == 1


def test_a_clock_takes_three_customers(shop, api):
    for _ in range(3):
        api.customers.create({"test_clock": shop.clock})

    with pytest.raises(stripe.InvalidRequestError, match="3 customers"):
        api.customers.create({"test_clock": shop.clock})


def test_a_customer_is_put_on_a_clock_with_all_there_is(api, world):
    shop = Shop(api, world)
    weekly = shop.price(recurring={"interval": "week"})
    subscription = shop.subscribe(items=[{"price": weekly}])

    test_clock = api.test_helpers.test_clocks.create(
        {"customer": subscription.customer, "frozen_time": world.now, "name": "A year"}
    )

    assert shop.subscription(subscription.id).test_clock == test_clock.id
    shop.wait(days=10)
    assert len(shop.invoices(subscription=subscription.id)) == 1
    with pytest.raises(stripe.InvalidRequestError, match="already"):
        api.test_helpers.test_clocks.create(
            {"customer": subscription.customer, "frozen_time": world.now}
        )


def test_a_clock_that_is_deleted_takes_its_customers_along(shop, api):
    subscription = shop.subscriber()

    gone = api.test_helpers.test_clocks.delete(shop.clock)

    assert gone.deleted is True
    assert shop.subscription(subscription.id).status == "canceled"
    assert api.customers.retrieve(subscription.customer).deleted is True
    types = shop.events()
    assert types[-1] == "test_helpers.test_clock.deleted"
    assert {"customer.subscription.deleted", "customer.deleted"} <= set(types)
    with pytest.raises(stripe.InvalidRequestError, match="No such"):
        shop.retrieve()


def test_a_clock_nobody_needs_any_more_goes_by_itself(shop, api, account):
    with open_world(account) as world:
        clock.travel(world, shop.retrieve().deletes_after)

    assert api.test_helpers.test_clocks.list().data == []


def test_a_customer_needs_a_clock_that_exists(api):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.customers.create({"test_clock": "clock_unknown"})

    assert (refused.value.param, refused.value.http_status) == ("test_clock", 400)
