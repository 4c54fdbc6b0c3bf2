"""Whatever happens, money adds up and events tell the whole of it."""

from __future__ import annotations

from typing import Any

import stripe
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.sandbox.resources.conftest import KEY
from tests.sandbox.resources.shop import Shop
from wagtail_billing_portal.sandbox.store import public
from wagtail_billing_portal.sandbox.transport import SandboxTransport
from wagtail_billing_portal.sandbox.world import World, account_for_key, open_world

CARDS = ["pm_card_visa", "pm_card_chargeCustomerFail", "pm_card_authenticationRequired"]

deeds = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([1, 10, 31])),
    st.tuples(st.just("buy more"), st.sampled_from(["none", "always_invoice"])),
    st.tuples(st.just("switch"), st.sampled_from([300, 9000])),
    st.tuples(st.just("use card"), st.sampled_from(CARDS)),
    st.tuples(st.sampled_from(["leave", "stay", "pay", "end", "rename"]), st.none()),
)
starts = st.fixed_dictionaries(
    {},
    optional={
        "trial_period_days": st.sampled_from([2, 14]),
        "cancel_at_period_end": st.just(True),
    },
)


@settings(
    max_examples=12,
    # Shrinking a story that takes seconds to live through takes minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(start=starts, card=st.sampled_from(CARDS), story=st.lists(deeds, max_size=7))
def test_money_adds_up_and_events_tell_the_whole_story(db, start, card, story):
    with transaction.atomic(), open_world(account_for_key(KEY)) as world:
        api = stripe.StripeClient(KEY, http_client=SandboxTransport()).v1
        shop = Shop(api, world)
        subscription = shop.subscribe(card, **start)

        for deed in story:
            live(shop, subscription.id, *deed)

        check_money(world, subscription.customer)
        check_events(world)
        transaction.set_rollback(True)


def live(shop: Shop, subscription_id: str, deed: str, how: Any) -> None:
    try:
        do(shop, subscription_id, deed, how)
    except (stripe.CardError, stripe.InvalidRequestError):
        return


def do(shop: Shop, subscription_id: str, deed: str, how: Any) -> None:
    api, subscription = shop.api, shop.subscription(subscription_id)
    item = subscription["items"].data[0]
    match deed:
        case "wait":
            shop.wait(days=how, hours=1)
        case "buy more":
            order = {"id": item.id, "quantity": item.quantity + 1}
            api.subscriptions.update(
                subscription_id, {"items": [order], "proration_behavior": how}
            )
        case "switch":
            order = {"id": item.id, "price": shop.price(how)}
            api.subscriptions.update(subscription_id, {"items": [order]})
        case "use card":
            use_card(api, subscription.customer, how)
        case "leave" | "stay":
            wish = {"cancel_at_period_end": deed == "leave"}
            api.subscriptions.update(subscription_id, wish)
        case "pay":
            for invoice in shop.invoices(status="open"):
                api.invoices.pay(invoice.id)
        case "end":
            order = {"prorate": True, "invoice_now": True}
            api.subscriptions.cancel(subscription_id, order)
        case "rename":
            api.customers.update(subscription.customer, {"name": "Augusta"})


def use_card(api: stripe.V1Services, customer: str, card: str) -> None:
    method = api.payment_methods.attach(card, {"customer": customer})
    chosen = {"default_payment_method": method.id}
    api.customers.update(customer, {"invoice_settings": chosen})


def check_money(world: World, customer: str) -> None:
    invoices = world.find("invoice", customer=customer)
    for invoice in invoices:
        lines = sum(line["amount"] for line in invoice["lines"]["data"])
        assert invoice["subtotal"] == invoice["total"] == lines
        settled = invoice["amount_paid"] + invoice["amount_remaining"]
        assert settled == invoice["amount_due"] >= 0
        if invoice["status"] == "paid":
            assert invoice["amount_remaining"] == 0
    numbered = [invoice for invoice in invoices if invoice["number"]]
    owed = sum(it["total"] - it["amount_due"] for it in numbered)
    assert world.get("customer", customer)["balance"] == owed
    charged = [
        charge["amount"]
        for charge in world.find("charge", customer=customer, paid=True)
    ]
    assert sum(charged) == sum(invoice["amount_paid"] for invoice in invoices)


def check_events(world: World) -> None:
    seen: dict[str, dict[str, Any]] = {}
    for event in reversed(world.find("event")):
        if event["type"] == "invoice.upcoming":
            continue
        obj, before = event["data"]["object"], event["data"].get("previous_attributes")
        if event["type"].endswith(".updated") and obj["object"] != "plan":
            assert undone(obj, before) == seen[obj["id"]], event["type"]
        seen[obj["id"]] = obj
    for obj in seen.values():
        if obj["object"] in ("customer", "subscription", "invoice", "payment_intent"):
            assert obj == public(world.get(obj["object"], obj["id"]))


def undone(obj: dict[str, Any], previous: dict[str, Any]) -> dict[str, Any]:
    """The version before, from an event's object and what it says changed."""
    older = dict(obj)
    for name, value in previous.items():
        nested = isinstance(value, dict) and isinstance(obj.get(name), dict)
        older[name] = undone(obj[name], value) if nested else value
    return older
