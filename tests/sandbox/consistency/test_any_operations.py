"""Whatever is asked of the sandbox, in whatever order, its world stays sound."""

from __future__ import annotations

import os
from typing import Any

import pytest
import stripe
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from tests.sandbox.consistency.further import CARDS, KEY, Further, worth
from tests.sandbox.consistency.invariants import complaints
from tests.sandbox.resources.shop import DAY, moment
from wagtail_billing_portal.sandbox import clock
from wagtail_billing_portal.sandbox.transport import SandboxTransport
from wagtail_billing_portal.sandbox.world import account_for_key, open_world

PRORATIONS = ["create_prorations", "always_invoice", "none"]
BEHAVIORS = [
    "allow_incomplete",
    "default_incomplete",
    "error_if_incomplete",
    "pending_if_incomplete",
]
STEPS = int(os.environ.get("SANDBOX_STEPS", "150"))
STEPS_A_STORY = 30


class Anything(Further):
    """A seller, a few customers and the passing of time, by way of the API."""

    customers = Bundle("customers")
    prices = Bundle("prices")
    subscriptions = Bundle("subscriptions")

    def __init__(self) -> None:
        super().__init__()
        self.api = stripe.StripeClient(KEY, http_client=SandboxTransport()).v1
        self.whole = transaction.atomic()
        self.whole.__enter__()
        with open_world(account_for_key(KEY)) as world:
            clock.travel(world, moment(2026, 3, 1))

    def teardown(self) -> None:
        try:
            with open_world(account_for_key(KEY)) as world:
                found = complaints(world)
            assert not found, "\n".join(found)
        finally:
            transaction.set_rollback(True)
            self.whole.__exit__(None, None, None)

    @initialize(target=prices)
    def some_prices(self) -> Any:
        product = self.api.products.create({"name": "Gold"}).id
        return multiple(
            *(self._price(product, amount, "month") for amount in (900, 2900)),
            self._price(product, 9900, "year"),
            self._price(product, 0, "month"),
        )

    @initialize(target=customers)
    def a_payer(self) -> str:
        return self._customer("pm_card_visa")

    @initialize(target=subscriptions)
    def a_member(self) -> str:
        product = self.api.products.create({"name": "Silver"}).id
        price = self._price(product, 1900, "month")
        order: dict[str, Any] = {"customer": self._customer("pm_card_visa")}
        order["items"] = [{"price": price, "quantity": 2}]
        return self.api.subscriptions.create(order).id

    @rule(target=prices, flat=st.sampled_from([None, 100]))
    def tiered_price(self, flat: int | None) -> str:
        tiers: list[Any] = [
            {"up_to": 3, "unit_amount": 700},
            {"up_to": "inf", "unit_amount_decimal": "512.5"},
        ]
        if flat:
            tiers[0]["flat_amount"] = flat
        order = {
            "currency": "eur",
            "product_data": {"name": "Seats"},
            "recurring": {"interval": "month"},
            "billing_scheme": "tiered",
            "tiers_mode": "graduated",
            "tiers": tiers,
        }
        return self.api.prices.create(order).id

    @rule(target=customers, card=st.sampled_from([None, *CARDS]))
    def customer(self, card: str | None) -> str:
        return self._customer(card)

    def _customer(self, card: str | None) -> str:
        customer = self.api.customers.create({"email": "ada@example.com"}).id
        if card:
            self._use(customer, card)
        return customer

    @rule(customer=customers, card=st.sampled_from(CARDS))
    def another_card(self, customer: str, card: str) -> None:
        self._try(self._use, customer, card)

    @rule(customer=customers)
    def forget_a_card(self, customer: str) -> None:
        for method in self._newest(
            self.api.payment_methods.list, {"customer": customer}
        ):
            self._try(self.api.payment_methods.detach, method.id)

    @rule(customer=customers, amount=st.sampled_from([-700, 250]))
    def credit(self, customer: str, amount: int) -> None:
        order = {"amount": amount, "currency": "eur"}
        self._try(self.api.customers.balance_transactions.create, customer, order)

    @rule(
        target=subscriptions,
        customer=customers,
        price=prices,
        behavior=st.sampled_from(BEHAVIORS[:3]),
        mode=st.sampled_from(["classic", "flexible"]),
        days=st.sampled_from([None, None, 2, 14]),
        quantity=st.integers(1, 5),
    )
    def subscribe(
        self,
        customer: str,
        price: str,
        behavior: str,
        mode: str,
        days: int | None,
        quantity: int,
    ) -> Any:
        order: dict[str, Any] = {
            "customer": customer,
            "items": [{"price": price, "quantity": quantity}],
            "payment_behavior": behavior,
            "billing_mode": {"type": mode},
        }
        if days:
            order["trial_period_days"] = days
        made = self._try(self.api.subscriptions.create, order)
        return made.id if made else multiple()

    @rule(
        subscription=subscriptions,
        price=prices,
        quantity=st.integers(0, 6),
        proration=st.sampled_from(PRORATIONS),
        behavior=st.sampled_from(BEHAVIORS),
    )
    def change(
        self,
        subscription: str,
        price: str,
        quantity: int,
        proration: str,
        behavior: str,
    ) -> None:
        item = self.api.subscriptions.retrieve(subscription)["items"].data[0].id
        order = {
            "items": [{"id": item, "price": price, "quantity": quantity}],
            "proration_behavior": proration,
            "payment_behavior": behavior,
        }
        self._try(self.api.subscriptions.update, subscription, order)

    @rule(subscription=subscriptions, price=prices)
    def add_on(self, subscription: str, price: str) -> None:
        order = {"subscription": subscription, "price": price}
        self._try(self.api.subscription_items.create, order)

    @rule(subscription=subscriptions, percent=st.sampled_from([10, 33, 100]))
    def discount(self, subscription: str, percent: int) -> None:
        coupon = self.api.coupons.create({"percent_off": percent, "duration": "once"})
        order = {"discounts": [{"coupon": coupon.id}]}
        self._try(self.api.subscriptions.update, subscription, order)

    @rule(subscription=subscriptions, leaves=st.booleans())
    def leave_or_stay(self, subscription: str, leaves: bool) -> None:
        order = {"cancel_at_period_end": leaves}
        self._try(self.api.subscriptions.update, subscription, order)

    @rule(subscription=subscriptions, now=st.booleans(), prorate=st.booleans())
    def cancel(self, subscription: str, now: bool, prorate: bool) -> None:
        order = {"invoice_now": now, "prorate": prorate}
        self._try(self.api.subscriptions.cancel, subscription, order)

    @rule(subscription=subscriptions)
    def pause(self, subscription: str) -> None:
        order = {
            "type": "subscription",
            "invoicing_behavior": "pending_invoice_item",
            "bill_for": {
                "unused_time_from": {"type": "now"},
                "outstanding_usage_through": {"type": "none"},
            },
        }
        self._try(self.api.subscriptions.pause, subscription, order)

    @rule(subscription=subscriptions, when=st.sampled_from(["attempt", "success"]))
    def resume(self, subscription: str, when: str) -> None:
        order = {"payment_behavior": f"resume_on_payment_{when}"}
        self._try(self.api.subscriptions.resume, subscription, order)

    @rule(subscription=subscriptions, every=st.sampled_from(["week", None]))
    def bill_pending(self, subscription: str, every: str | None) -> None:
        interval = {"interval": every} if every else ""
        order = {"pending_invoice_item_interval": interval}
        self._try(self.api.subscriptions.update, subscription, order)

    @rule(subscription=subscriptions, days=st.sampled_from([0, 2, 20]))
    def try_out(self, subscription: str, days: int) -> None:
        with open_world(account_for_key(KEY)) as world:
            end = world.now + days * DAY if days else "now"
        order = {"trial_end": end, "payment_behavior": "pending_if_incomplete"}
        self._try(self.api.subscriptions.update, subscription, order)

    @rule(subscription=subscriptions, price=prices)
    def schedule(self, subscription: str, price: str) -> None:
        order = {"from_subscription": subscription}
        made = self._try(self.api.subscription_schedules.create, order)
        if made is None:
            return
        now = made.phases[0]
        items = [
            {"price": str(it.price), "quantity": it.quantity} for it in now["items"]
        ]
        phases = [
            {"start_date": now.start_date, "end_date": now.end_date, "items": items},
            {
                "items": [{"price": price, "quantity": 1}],
                "duration": {"interval": "month", "interval_count": 1},
            },
        ]
        order = {"phases": phases, "end_behavior": "release"}
        self._try(self.api.subscription_schedules.update, made.id, order)

    @rule(customer=customers, action=st.sampled_from(["pay", "void", "write off"]))
    def settle(self, customer: str, action: str) -> None:
        act = {
            "pay": self.api.invoices.pay,
            "void": self.api.invoices.void_invoice,
            "write off": self.api.invoices.mark_uncollectible,
        }[action]
        order = {"customer": customer, "status": "open"}
        for invoice in self._newest(self.api.invoices.list, order):
            self._try(act, invoice.id)

    @rule(customer=customers, share=st.sampled_from([1, 2]))
    def give_back(self, customer: str, share: int) -> None:
        order = {"customer": customer, "status": "paid"}
        for invoice in self._newest(self.api.invoices.list, order, worth):
            amount = invoice.amount_paid // share
            note = {
                "invoice": invoice.id,
                "amount": amount,
                "refund_amount": amount,
            }
            self._try(self.api.credit_notes.create, note)

    @rule(customer=customers, amount=st.sampled_from([400, 4000]))
    def bill_by_hand(self, customer: str, amount: int) -> None:
        item = {"customer": customer, "amount": amount, "currency": "eur"}
        self._try(self.api.invoice_items.create, item)
        order = {
            "customer": customer,
            "currency": "eur",
            "pending_invoice_items_behavior": "include",
        }
        self._try(self.api.invoices.create, order)

    @rule(days=st.sampled_from([1, 4, 31]))
    def wait(self, days: int) -> None:
        with open_world(account_for_key(KEY)) as world:
            clock.travel(world, world.now + days * DAY)

    def _price(self, product: str, amount: int, interval: str) -> str:
        order = {
            "currency": "eur",
            "product": product,
            "unit_amount": amount,
            "recurring": {"interval": interval},
        }
        return self.api.prices.create(order).id

    def _use(self, customer: str, card: str) -> None:
        method = self.api.payment_methods.attach(card, {"customer": customer})
        chosen = {"default_payment_method": method.id}
        self.api.customers.update(customer, {"invoice_settings": chosen})


@pytest.mark.django_db
def test_any_operations_leave_a_sound_world() -> None:
    """Thousands of steps on demand: ``SANDBOX_STEPS=10000``."""
    run_state_machine_as_test(
        Anything,
        settings=settings(
            max_examples=max(1, STEPS // STEPS_A_STORY),
            stateful_step_count=STEPS_A_STORY,
            deadline=None,
            # Shrinking a story that takes seconds to live through takes minutes.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
