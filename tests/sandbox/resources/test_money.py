"""Money in is money out, whatever is paid, taken, given back or disputed."""

from __future__ import annotations

import stripe
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.sandbox.resources.conftest import KEY
from tests.sandbox.resources.shop import Shop
from wagtail_billing_portal.sandbox.transport import SandboxTransport
from wagtail_billing_portal.sandbox.world import World, account_for_key, open_world

CARDS = [
    "pm_card_visa",
    "pm_card_visa_chargeDeclined",
    "pm_card_pendingRefund",
    "pm_card_refundFail",
    "pm_card_createDispute",
    "pm_card_bypassPending",
    "pm_sepaDebit_success_de",
    "pm_sepaDebit_failed_de",
]
deeds = st.one_of(
    st.tuples(
        st.just("pay"), st.sampled_from(CARDS), st.integers(50, 5000), st.booleans()
    ),
    st.tuples(
        st.sampled_from(["capture", "refund", "cancel"]),
        st.integers(0, 3),
        st.one_of(st.none(), st.integers(1, 6000)),
        st.none(),
    ),
    st.tuples(st.just("wait"), st.sampled_from([1, 4, 8]), st.none(), st.none()),
)


@settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=st.lists(deeds, min_size=2, max_size=10))
def test_what_came_in_less_what_went_out_is_what_is_booked(db, story):
    with transaction.atomic(), open_world(account_for_key(KEY)) as world:
        shop = Shop(stripe.StripeClient(KEY, http_client=SandboxTransport()).v1, world)
        for deed in story:
            live(shop, *deed)
        shop.wait(days=30)

        check(world)
        transaction.set_rollback(True)


def live(shop: Shop, deed: str, what, amount, held) -> None:
    api = shop.api
    if deed == "wait":
        shop.wait(days=what)
        return
    try:
        if deed == "pay":
            how = {"capture_method": "manual"} if held and "card" in what else {}
            order = {"amount": amount, "currency": "eur", "payment_method": what}
            api.payment_intents.create({**order, "confirm": True, **how})
            return
        intents = api.payment_intents.list().data
        if what < len(intents):
            act(api, deed, intents[what].id, amount)
    except (stripe.CardError, stripe.InvalidRequestError):
        return


def act(api, deed: str, intent: str, amount: int | None) -> None:
    part = {} if amount is None else {"amount": amount}
    if deed == "refund":
        api.refunds.create({"payment_intent": intent, **part})
    elif deed == "capture":
        part = {f"{name}_to_capture": value for name, value in part.items()}
        api.payment_intents.capture(intent, part)
    else:
        api.payment_intents.cancel(intent)


def check(world: World) -> None:
    entries = world.find("balance_transaction")
    charges = world.find("charge", paid=True)
    refunds = [it for it in world.find("refund") if it["status"] != "failed"]
    disputes = [it for it in world.find("dispute") if it["status"] == "lost"]
    taken = sum(charge["amount_captured"] for charge in charges)
    returned = sum(it["amount"] for it in [*refunds, *disputes])
    assert taken - returned == sum(it["net"] + it["fee"] for it in entries)
    for charge in charges:
        back = [it["amount"] for it in refunds if it["charge"] == charge["id"]]
        let_go = charge["amount"] - charge["amount_captured"]
        assert charge["amount_refunded"] == sum(back) + let_go <= charge["amount"]
        assert charge["refunded"] == (charge["amount_refunded"] == charge["amount"])
    for intent in world.find("payment_intent"):
        of = [it for it in charges if it["payment_intent"] == intent["id"]]
        assert intent["amount_received"] == sum(it["amount_captured"] for it in of)
