"""Hosted pages and the workshop: sessions, links, endpoints, clocks, accounts."""

from __future__ import annotations

import time

import stripe

from tests.sandbox.tour.steps import a_customer, a_price, a_product, ids

DONE = "https://shop.test/done"


def checkout(v1: stripe.V1Services) -> None:
    session = v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "line_items": [{"price": a_price(v1), "quantity": 1}],
            "success_url": DONE,
        }
    )
    v1.checkout.sessions.update(session.id, {"metadata": {"seen": "yes"}})
    assert v1.checkout.sessions.retrieve(session.id).metadata
    (line,) = v1.checkout.sessions.line_items.list(session.id).data
    more = {"line_items": [{"id": line.id, "quantity": 3}]}
    changed = v1.checkout.sessions.update(session.id, more)
    assert changed.amount_total == 3 * session.amount_total
    assert v1.checkout.sessions.line_items.list(session.id).data
    assert ids(v1.checkout.sessions.list({"limit": 1})) == [session.id]
    assert v1.checkout.sessions.expire(session.id).status == "expired"


def payment_links(v1: stripe.V1Services) -> None:
    link = v1.payment_links.create(
        {"line_items": [{"price": a_price(v1, interval=None), "quantity": 1}]}
    )
    v1.payment_links.update(link.id, {"active": False})
    assert not v1.payment_links.retrieve(link.id).active
    assert ids(v1.payment_links.list()) == [link.id]
    assert v1.payment_links.line_items.list(link.id).data


def portal(v1: stripe.V1Services) -> None:
    configuration = v1.billing_portal.configurations.create(
        {
            "business_profile": {"headline": "The Weekly Loaf"},
            "features": {
                "customer_update": {"enabled": True, "allowed_updates": ["email"]},
                "payment_method_update": {"enabled": True},
            },
        }
    )
    v1.billing_portal.configurations.update(
        configuration.id, {"default_return_url": DONE}
    )
    found = v1.billing_portal.configurations.retrieve(configuration.id)
    assert found.default_return_url == DONE
    listed = v1.billing_portal.configurations.list({"active": True})
    assert configuration.id in ids(listed)
    customer = a_customer(v1)
    for kind in ("payment_method_update", "customer_update"):
        session = v1.billing_portal.sessions.create(
            {
                "customer": customer,
                "configuration": configuration.id,
                "after_expiration": {"type": "customer_login"},
                "flow_data": {"type": kind},
            }
        )
        assert session.url.startswith("http")
    portal_flows(v1)


def portal_flows(v1: stripe.V1Services) -> None:
    """The flows that are about a subscription."""
    price = v1.prices.retrieve(a_price(v1))
    subscription = v1.subscriptions.create(
        {
            "customer": a_customer(v1),
            "items": [{"price": price.id}],
            "trial_period_days": 0,
        }
    )
    offered = {
        "product": price.product,
        "prices": [price.id],
        "adjustable_quantity": {"enabled": True, "maximum": 9},
    }
    configuration = v1.billing_portal.configurations.create(
        {
            "default_return_url": DONE,
            "features": {
                "payment_method_update": {"enabled": True},
                "subscription_cancel": {"enabled": True},
                "subscription_pause": {"enabled": True},
                "subscription_update": {
                    "enabled": True,
                    "default_allowed_updates": ["quantity"],
                    "products": [offered],
                },
            },
        }
    )
    wish = {"id": subscription["items"].data[0].id, "quantity": 3}
    flows = {
        "subscription_cancel": {},
        "subscription_pause": {},
        "subscription_update": {},
        "subscription_update_confirm": {"items": [wish]},
    }
    for kind, more in flows.items():
        about = {"subscription": subscription.id, **more}
        session = v1.billing_portal.sessions.create(
            {
                "customer": str(subscription.customer),
                "configuration": configuration.id,
                "flow_data": {"type": kind, kind: about},
            }
        )
        assert session.flow
        assert session.flow.type == kind


def webhook_endpoints(v1: stripe.V1Services) -> None:
    endpoint = v1.webhook_endpoints.create(
        {"url": "https://shop.test/hook", "enabled_events": ["product.created"]}
    )
    assert endpoint.secret
    v1.webhook_endpoints.update(endpoint.id, {"disabled": True})
    assert v1.webhook_endpoints.retrieve(endpoint.id).status == "disabled"
    assert ids(v1.webhook_endpoints.list()) == [endpoint.id]
    assert v1.webhook_endpoints.delete(endpoint.id).deleted


def events(v1: stripe.V1Services) -> None:
    product = a_product(v1)
    event = v1.events.list({"type": "product.created", "limit": 1}).data[0]
    assert v1.events.retrieve(event.id).data.object["id"] == product


def test_clocks(v1: stripe.V1Services) -> None:
    now = int(time.time())
    clock = v1.test_helpers.test_clocks.create({"frozen_time": now})
    customer = a_customer(v1, test_clock=clock.id)
    v1.subscriptions.create({"customer": customer, "items": [{"price": a_price(v1)}]})
    v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": now + 40 * 86_400})
    ready = v1.test_helpers.test_clocks.retrieve(clock.id)
    assert ready.status == "ready"
    assert len(v1.invoices.list({"customer": customer}).data) == 2
    assert ids(v1.test_helpers.test_clocks.list()) == [clock.id]
    assert v1.test_helpers.test_clocks.delete(clock.id).deleted


def accounts(v1: stripe.V1Services) -> None:
    assert v1.accounts.retrieve_current().id.startswith("acct_")
    other = v1.accounts.create({"type": "standard", "country": "GB"})
    v1.accounts.update(other.id, {"metadata": {"shop": "two"}})
    assert v1.accounts.retrieve(other.id).metadata
    assert ids(v1.accounts.list()) == [other.id]
    there = {"stripe_account": other.id}
    loaf = v1.products.create({"name": "Loaf"}, there)
    assert v1.products.retrieve(loaf.id, None, there).name == "Loaf"
    assert v1.accounts.delete(other.id).deleted
