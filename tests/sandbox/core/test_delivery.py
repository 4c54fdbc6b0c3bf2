from __future__ import annotations

import json

import pytest
import stripe
from django.utils import translation

from wagtail_billing_portal.sandbox import clock, delivery
from wagtail_billing_portal.sandbox.world import open_world

from . import urls

SECRET = "whsec_core"
URL = "http://testserver/hooks/"


@pytest.fixture(autouse=True)
def _listening_site(settings):
    settings.ROOT_URLCONF = "tests.sandbox.core.urls"
    urls.received.clear()


def listen(api, *, events=("*",), url=URL):
    return api.webhook_endpoints.create(
        {
            "url": url,
            "enabled_events": list(events),
            "metadata": {"sandbox_secret": SECRET},
        }
    )


def types_received():
    return [json.loads(body)["type"] for body, _ in urls.received]


def test_an_event_arrives_signed_and_as_it_was_stored(api, world):
    listen(api)
    product = api.products.create({"name": "Gold"})

    delivery.deliver_all()

    [(body, signature)] = urls.received
    event = stripe.Webhook.construct_event(body, signature, SECRET)
    assert event.type == "product.created"
    assert event.data.object.id == product.id
    assert event.pending_webhooks == 1
    assert delivery.pending(world) == []


def test_only_what_an_endpoint_listens_to_is_sent(api):
    listen(api, events=["customer.created"])

    api.products.create({"name": "Gold"})
    api.customers.create()
    delivery.deliver_all()

    assert types_received() == ["customer.created"]


def test_an_endpoint_that_is_switched_off_gets_nothing(api, world):
    endpoint = listen(api)
    api.webhook_endpoints.update(endpoint.id, {"disabled": True})

    api.customers.create()

    assert delivery.pending(world) == []


def test_deliveries_wait_while_they_are_paused(api, world):
    listen(api)
    delivery.pause()
    api.customers.create()

    assert delivery.deliver_all() == 0
    assert len(delivery.pending(world)) == 1

    delivery.resume()
    assert delivery.deliver_all() == 1


def test_in_process_events_arrive_after_the_commit(
    api, settings, django_capture_on_commit_callbacks
):
    settings.WAGTAIL_BILLING_SANDBOX = {"DELIVERY": "in_process"}
    listen(api)

    with django_capture_on_commit_callbacks(execute=True):
        api.customers.create()
        assert urls.received == []

    assert types_received() == ["customer.created"]


def test_delivering_does_not_change_the_language_of_the_request_it_serves(api):
    listen(api)
    api.customers.create()

    with translation.override("en"):
        delivery.deliver_all()
        assert translation.get_language() == "en"


def test_one_delivery_can_be_repeated(api, world):
    listen(api)
    api.customers.create()
    [waiting] = delivery.pending(world)

    delivery.deliver(waiting)
    delivery.deliver(waiting)

    assert types_received() == ["customer.created"] * 2


def test_a_failed_delivery_says_why_and_is_tried_again_later(api, world, account):
    listen(api, url=URL + "?answer=500")
    clock.travel(world, world.now)
    api.customers.create()

    delivery.deliver_all()

    [failed] = world.find("_delivery")
    assert (failed["status"], failed["answer"]) == ("failed", 500)
    with open_world(account) as later:
        clock.travel(later, later.now + delivery.RETRY_AFTER[0])
        assert len(delivery.pending(later)) == 1


def test_an_address_that_does_not_exist_is_a_failure_too(api, world):
    listen(api, url="http://testserver/nowhere/")
    api.customers.create()

    delivery.deliver_all()

    assert world.find("_delivery")[0]["answer"] == 404
    assert delivery.pending(world) == []
