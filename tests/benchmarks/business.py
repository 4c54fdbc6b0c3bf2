"""A seller at Stripe: what customers and staff do there, and what time brings."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress

import stripe

from wagtail_billing_portal.gateway import Params
from wagtail_billing_portal.testing import StripeSide

NEW_YEAR = 1_767_225_600
GOOD_CARDS = ("pm_card_visa", "pm_card_mastercard", "pm_card_amex")
BAD_CARD = "pm_card_chargeCustomerFail"
#: So many subscriptions are never cancelled.
STAY = 12
NAMES = "Ada Grace Alan Edsger Barbara Donald Radia Ken Margaret Dennis".split()
STREETS = "Canal Street|Mill Lane|Station Road|Church Hill|Harbour Street".split("|")


class Business:
    """Acts of two kinds: bursts, in one second of Stripe's clock, and single changes."""

    def __init__(self, stripe_side: StripeSide, *, seed: int = 0) -> None:
        self.stripe, self.v1 = stripe_side, stripe_side.client.v1
        self.chance = random.Random(seed)  # noqa: S311 - a story, not a secret.
        self.customers: list[str] = []
        stripe_side.stop_clock(NEW_YEAR)
        self.prices = [stripe_side.a_price(amount) for amount in (500, 1200, 2900)]
        coupon: Params = {"percent_off": 25, "duration": "forever", "name": "Quarter"}
        self.coupon = self.v1.coupons.create(coupon).id
        promotion: Params = {"type": "coupon", "coupon": self.coupon}
        self.code = self.v1.promotion_codes.create({"promotion": promotion}).id
        features: Params = {"features": {"invoice_history": {"enabled": True}}}
        self.portal = self.v1.billing_portal.configurations.create(features).id
        self._entitle(self.prices[0])

    def act(self, *, in_a_burst: bool) -> None:
        """Do one thing of a kind; that a bank refuses a card is an event, too."""
        with suppress(stripe.CardError):
            self.chance.choice(self._bursts if in_a_burst else self._changes)()
        self._seconds_pass()

    def a_week_passes(self) -> None:
        """Renewals, retries and ends of subscriptions, each in its own second."""
        self.stripe.advance(days=7)

    @property
    def _bursts(self) -> list[Callable[[], None]]:
        return [
            *[self._somebody_subscribes] * 5,
            *[self._somebody_changes_plan] * 2,
            self._a_plan_is_made_and_dropped,
            *[self._money_is_given_back] * 2,
            self._a_bill_is_written,
        ]

    @property
    def _changes(self) -> list[Callable[[], None]]:
        return [
            *[self._a_customer_comes] * 2,
            *[self._a_customer_moves] * 4,
            self._a_card_is_saved,
            self._a_card_is_removed,
            self._a_tax_id_is_given,
            self._a_note_is_kept,
            self._somebody_leaves_later,
            self._somebody_leaves,
            self._the_catalog_changes,
            self._a_discount_is_given,
            self._the_portal_changes,
        ]

    def _somebody_subscribes(self) -> None:
        wanted: Params = {}
        if self.chance.random() < 0.3:
            wanted = {"discounts": [{"promotion_code": self.code}]}
        price = self.chance.choice(self.prices)
        self.stripe.subscribe(self._a_payer(), price, **wanted)

    def _somebody_changes_plan(self) -> None:
        for subscription in self._running():
            found = self.v1.subscriptions.retrieve(subscription).to_dict()
            [item] = found["items"]["data"]
            others = [it for it in self.prices if it != item["price"]["id"]]
            items: Params = [{"id": item["id"], "price": self.chance.choice(others)}]
            how: Params = {"proration_behavior": "always_invoice", "items": items}
            self.v1.subscriptions.update(subscription, how)

    def _a_plan_is_made_and_dropped(self) -> None:
        for subscription in self._running():
            if self.v1.subscriptions.retrieve(subscription).schedule is None:
                wanted: Params = {"from_subscription": subscription}
                made = self.v1.subscription_schedules.create(wanted)
                self.v1.subscription_schedules.release(made.id)

    def _money_is_given_back(self) -> None:
        paid: Params = {"status": "paid", "limit": 5}
        for invoice in self.v1.invoices.list(paid).data:
            credited = invoice.post_payment_credit_notes_amount
            if invoice.amount_paid > 300 and not credited:
                wanted: Params = {"invoice": invoice.id, "amount": 100}
                self.v1.credit_notes.create({**wanted, "refund_amount": 100})
                return

    def _a_bill_is_written(self) -> None:
        wanted: Params = {"customer": self._a_payer(), "currency": "eur"}
        made = self.v1.invoices.create({**wanted, "auto_advance": False})
        for number in range(self.chance.randint(1, 8)):
            item: Params = {**wanted, "invoice": made.id, "amount": 250 * (number + 1)}
            item["description"] = f"Hour {number + 1} of advice on your archive"
            self.v1.invoice_items.create(item)
        self.v1.invoices.finalize_invoice(made.id)
        self.v1.invoices.pay(made.id)

    def _a_customer_comes(self) -> None:
        number = len(self.customers)
        described: Params = {
            "name": f"{self.chance.choice(NAMES)} Number {number}",
            "email": f"customer-{number}@example.com",
            "address": self._address(),
            "phone": "+44 20 7946 0000",
            "metadata": {"user_id": self._digits(6)},
        }
        self.customers.append(self.v1.customers.create(described).id)

    def _a_customer_moves(self) -> None:
        for customer in self._some_customer():
            self.v1.customers.update(customer, {"address": self._address()})

    def _a_card_is_saved(self) -> None:
        for customer in self._some_customer():
            self._attach(customer)

    def _a_card_is_removed(self) -> None:
        for customer in self._some_customer():
            cards = self.v1.customers.payment_methods.list(customer).data
            default = self._default_card(customer)
            for card in [it for it in cards if it.id != default][:1]:
                self.v1.payment_methods.detach(card.id)

    def _a_tax_id_is_given(self) -> None:
        for customer in self._some_customer():
            number: Params = {"type": "eu_vat", "value": f"DE{self._digits(9)}"}
            if not self.v1.customers.tax_ids.list(customer).data:
                self.v1.customers.tax_ids.create(customer, number)

    def _a_note_is_kept(self) -> None:
        for subscription in self._running():
            note: Params = {"metadata": {"note": f"Called about {self._digits(6)}"}}
            self.v1.subscriptions.update(subscription, note)

    def _somebody_leaves_later(self) -> None:
        for subscription in self._running():
            flag = self.chance.random() < 0.6
            self.v1.subscriptions.update(subscription, {"cancel_at_period_end": flag})

    def _somebody_leaves(self) -> None:
        running = self.v1.subscriptions.list({"status": "active", "limit": STAY + 1})
        if len(running.data) > STAY:
            self.v1.subscriptions.cancel(self.chance.choice(running.data).id)

    def _the_catalog_changes(self) -> None:
        price = self.v1.prices.retrieve(self.chance.choice(self.prices))
        note: Params = {"metadata": {"note": self._digits(6)}}
        self.v1.products.update(str(price.product), note)

    def _a_discount_is_given(self) -> None:
        for subscription in self._running():
            wanted: Params = {"discounts": [{"coupon": self.coupon}]}
            self.v1.subscriptions.update(subscription, wanted)

    def _the_portal_changes(self) -> None:
        headline = f"Archive, edition {self._digits(4)}"
        wanted: Params = {"business_profile": {"headline": headline}}
        self.v1.billing_portal.configurations.update(self.portal, wanted)

    def _seconds_pass(self) -> None:
        self.stripe.advance(seconds=self.chance.randint(1, 5))

    def _a_payer(self) -> str:
        for customer in self._some_customer():
            if self._default_card(customer):
                return customer
        self._a_customer_comes()
        customer = self.customers[-1]
        self._seconds_pass()
        card = self._attach(customer)
        self._seconds_pass()
        default: Params = {"invoice_settings": {"default_payment_method": card}}
        self.v1.customers.update(customer, default)
        self._seconds_pass()
        return customer

    def _attach(self, customer: str) -> str:
        rarely = self.chance.random() < 0.1
        card = BAD_CARD if rarely else self.chance.choice(GOOD_CARDS)
        return self.v1.payment_methods.attach(card, {"customer": customer}).id

    def _default_card(self, customer: str) -> Params:
        found = self.v1.customers.retrieve(customer).invoice_settings
        return found and found.default_payment_method

    def _some_customer(self) -> list[str]:
        return [self.chance.choice(self.customers)] if self.customers else []

    def _running(self) -> list[str]:
        listed = self.v1.subscriptions.list({"status": "active", "limit": 100}).data
        return [self.chance.choice(listed).id] if listed else []

    def _address(self) -> Params:
        return {
            "line1": f"{self.chance.randint(1, 200)} {self.chance.choice(STREETS)}",
            "city": "London",
            "postal_code": "EC1A 1BB",
            "country": "GB",
        }

    def _digits(self, length: int) -> str:
        return "".join(self.chance.choices("123456789", k=length))

    def _entitle(self, price: str) -> None:
        wanted: Params = {"name": "Archive", "lookup_key": "archive"}
        feature = self.v1.entitlements.features.create(wanted).id
        product = str(self.v1.prices.retrieve(price).product)
        self.v1.products.features.create(product, {"entitlement_feature": feature})
