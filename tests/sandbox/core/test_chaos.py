from __future__ import annotations

import json

import pytest
import stripe

from wagtail_billing_portal.sandbox import chaos, clock, delivery
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import open_world

from . import urls
from .test_delivery import SECRET, _listening_site, listen, types_received

__all__ = ["_listening_site"]


def received_ids():
    return [json.loads(body)["id"] for body, _ in urls.received]


def customers(api, count):
    listen(api, events=["customer.created"])
    for number in range(count):
        api.customers.create({"name": f"Customer {number}"})


def names_after(api, account, count=6, **how):
    customers(api, count)
    delivery.unleash(**how)
    delivery.deliver_all()
    return [json.loads(it)["data"]["object"]["name"] for it, _ in urls.received]


def test_events_arrive_shuffled_in_an_order_that_the_seed_tells(api, account):
    first = names_after(api, account, seed=4, shuffle=True)

    assert first != sorted(first)
    assert sorted(first) == [f"Customer {number}" for number in range(6)]
    assert chaos.current().seed == 4


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_seed_tells_the_same_story(seed):
    stories = []
    for _ in range(2):
        how = delivery.unleash(seed=seed, shuffle=True, duplicate=0.5)
        stories.append([(how.pick(9), how.wish(0.5)) for _ in range(20)])

    assert stories[0] == stories[1]
    assert len(set(stories[0])) > 5


def test_an_event_comes_twice(api):
    customers(api, 1)
    delivery.unleash(duplicate=1)

    delivery.deliver_all()

    assert len(received_ids()) == 2
    assert len(set(received_ids())) == 1


@pytest.mark.parametrize("redeliver", [True, False])
def test_an_event_is_lost_and_comes_later_or_never(api, world, account, redeliver):
    customers(api, 1)
    clock.travel(world, world.now)
    delivery.unleash(drop=1, redeliver=redeliver)
    delivery.deliver_all()
    assert urls.received == []

    delivery.unleash()
    with open_world(account) as later:
        clock.travel(later, later.now + delivery.RETRY_AFTER[0])
    delivery.deliver_all()

    assert len(urls.received) == (1 if redeliver else 0)
    for body, signature in urls.received:
        assert stripe.Webhook.construct_event(body, signature, SECRET)


def test_an_event_comes_late(api, world, account):
    listen(api, events=["customer.created"])
    clock.travel(world, world.now)
    delivery.unleash(delay=600)
    api.customers.create()

    assert delivery.deliver_all() == 0
    with open_world(account) as later:
        clock.travel(later, later.now + 600)
    assert delivery.deliver_all() == 1


def test_somebody_else_signed(api):
    customers(api, 1)
    delivery.unleash(wrong_secret=1)

    delivery.deliver_all()

    [(body, signature)] = urls.received
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, signature, SECRET)


def test_a_body_of_an_older_version_and_a_thin_one(api):
    customers(api, 1)
    delivery.unleash(api_version="2019-12-03")
    delivery.deliver_all()
    assert json.loads(urls.received[0][0])["api_version"] == "2019-12-03"

    api.customers.create()
    delivery.unleash(thin=1)
    delivery.deliver_all()

    thin = json.loads(urls.received[1][0])
    assert thin["object"] == "v2.core.event"
    assert thin["type"] == "v1.customer.created"
    assert thin["related_object"]["id"].startswith("cus_")


def test_a_burst_waits_until_there_is_enough_of_it(api):
    delivery.unleash(hold=3)
    customers(api, 2)
    assert delivery.deliver_all() == 0

    api.customers.create()

    assert delivery.deliver_all() == 3


def test_an_endpoint_names_the_version_it_was_made_for(api):
    api.webhook_endpoints.create(
        {
            "url": "http://testserver/hooks/",
            "enabled_events": ["*"],
            "api_version": "2026-10-28.endive",
        }
    )
    api.customers.create()

    delivery.deliver_all()

    assert json.loads(urls.received[0][0])["api_version"] == "2026-10-28.endive"


def test_one_event_is_sent_again_to_one_endpoint(api, world):
    endpoint = listen(api, events=["customer.created"])
    api.customers.create()
    delivery.deliver_all()
    event = api.events.list({"type": "customer.created"}).data[0]

    delivery.resend(world, event.id, endpoint.id)
    delivery.deliver_all()

    assert types_received() == ["customer.created"] * 2
    assert received_ids() == [event.id] * 2


def test_an_endpoint_that_was_disabled_meanwhile_is_left_alone(api, world):
    endpoint = listen(api, events=["customer.created"])
    api.customers.create()
    api.webhook_endpoints.update(endpoint.id, {"disabled": True})

    delivery.deliver_all()

    assert urls.received == []
    [failed] = world.find("_delivery")
    assert failed["_sandbox"]["due_at"] is None


@pytest.mark.parametrize(
    "sent", [{"nonsense": 1}, {"drop": 2}, {"shuffle": 1}, {"delay": -1}, {"hold": 1.5}]
)
def test_chaos_that_does_not_exist_is_refused(sent):
    with pytest.raises(InvalidRequest):
        chaos.read(sent)
