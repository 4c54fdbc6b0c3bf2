from __future__ import annotations

from tests.sandbox.resources.shop import moment


def test_a_customer_on_a_test_clock_lives_by_it(stripe_side):
    clock = stripe_side.a_test_clock(moment(2027, 1, 10))
    customer = stripe_side.a_customer(test_clock=clock)
    other = stripe_side.a_customer()
    price = stripe_side.a_price(1200)
    mine, theirs = (stripe_side.subscribe(it, price) for it in (customer, other))

    stripe_side.advance_test_clock(clock, to=moment(2027, 2, 11))

    invoices = stripe_side.client.v1.invoices
    assert len(invoices.list({"subscription": mine}).data) == 2
    assert len(invoices.list({"subscription": theirs}).data) == 1


def test_an_event_that_was_lost_can_still_be_brought(stripe_side):
    stripe_side.a_customer()
    [event] = [it for it in stripe_side.waiting() if it["type"] == "customer.created"]

    stripe_side.lose(event)

    assert event not in stripe_side.waiting()
    assert stripe_side.deliver(event) == 200
