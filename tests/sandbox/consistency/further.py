"""Operations beside the common ones: drafts, intents, pages, pauses, tax, time."""

from __future__ import annotations

from typing import Any

import stripe
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule

from wagtail_billing_portal.sandbox.transport import SandboxTransport

KEY = "sk_test_sandbox_anything"
EARLIER = {"stripe_version": "2024-06-20"}
CARDS = ["pm_card_visa", "pm_card_chargeCustomerFail", "pm_card_authenticationRequired"]
ONCE = ["pm_card_visa", "pm_card_createDispute", "pm_card_authenticationRequired"]
SELDOM = st.sampled_from([False] * 9 + [True])
ORDINARY = {"payment_behavior": "allow_incomplete"}


def worth(invoice: stripe.Invoice) -> bool:
    return invoice.total >= 100


def undone(intent: stripe.PaymentIntent) -> bool:
    return intent.status in ("requires_capture", "requires_payment_method")


def refundable(charge: stripe.Charge) -> bool:
    return charge.captured and charge.amount > charge.amount_refunded


BACK = {"success_url": "https://shop.test/done", "cancel_url": "https://shop.test/"}
DEBIT = {"type": "sepa_debit", "sepa_debit": {"iban": "DE89370400440532013000"}}
PAYER = {"billing_details": {"name": "Ada", "email": "ada@example.com"}}
WAYS: dict[str, Any] = {
    "card": {"type": "card", "card": {"token": "tok_visa"}, **PAYER},
    "debit": {**DEBIT, **PAYER},
}


class Further(RuleBasedStateMachine):
    """What else can be asked for; ``Anything`` brings the customers."""

    customers = Bundle("customers")
    prices = Bundle("prices")
    subscriptions = Bundle("subscriptions")
    api: stripe.V1Services

    def _try(self, act: Any, *args: Any) -> Any:
        """Do it, or be refused in Stripe's way; a mistake of ours is neither."""
        try:
            return act(*args)
        except (stripe.CardError, stripe.InvalidRequestError):
            return None

    def _newest(self, act: Any, order: Any, fits: Any = bool) -> list[Any]:
        """The newest on a list that fits, if there is one."""
        page = self._try(act, order)
        return [found for found in (page.data if page else []) if fits(found)][:1]

    @rule(customer=customers, percent=st.sampled_from([None, 20, 50]))
    def discount_for_everything(self, customer: str, percent: int | None) -> None:
        coupon = ""
        if percent:
            order: Any = {"percent_off": percent, "duration": "once"}
            coupon = self.api.coupons.create(order).id
        self._try(self.api.customers.update, customer, {"coupon": coupon}, EARLIER)

    @rule(customer=customers, country=st.sampled_from(["DE", "FR", "US"]))
    def move_house(self, customer: str, country: str) -> None:
        order = {"address": {"country": country}}
        self._try(self.api.customers.update, customer, order)

    @rule(customer=customers, value=st.sampled_from(["DE000000000", "FR12345678901"]))
    def tax_id(self, customer: str, value: str) -> None:
        order = {"type": "eu_vat", "value": value}
        self._try(self.api.customers.tax_ids.create, customer, order)

    @rule(customer=customers, sure=SELDOM)
    def leave_for_good(self, customer: str, sure: bool) -> None:
        if sure:
            self._try(self.api.customers.delete, customer)

    @rule(subscription=subscriptions, inclusive=st.booleans())
    def tax(self, subscription: str, inclusive: bool) -> None:
        order: Any = {"display_name": "VAT", "percentage": 19, "inclusive": inclusive}
        rate = self.api.tax_rates.create(order).id
        self._try(
            self.api.subscriptions.update, subscription, {"default_tax_rates": [rate]}
        )

    @rule(subscription=subscriptions, on=st.booleans())
    def tax_by_itself(self, subscription: str, on: bool) -> None:
        order = {"automatic_tax": {"enabled": on}}
        self._try(self.api.subscriptions.update, subscription, order)

    @rule(
        subscription=subscriptions,
        behavior=st.sampled_from(["", "void", "keep_as_draft", "mark_uncollectible"]),
    )
    def pause_collection(self, subscription: str, behavior: str) -> None:
        order = {"pause_collection": {"behavior": behavior} if behavior else ""}
        self._try(self.api.subscriptions.update, subscription, order)

    @rule(subscription=subscriptions)
    def begin_anew(self, subscription: str) -> None:
        order = {"billing_cycle_anchor": {"type": "now"}}
        self._try(self.api.subscriptions.update, subscription, order)

    @rule(subscription=subscriptions)
    def end_trial(self, subscription: str) -> None:
        self._try(self.api.subscriptions.update, subscription, {"trial_end": "now"})

    @rule(subscription=subscriptions)
    def migrate(self, subscription: str) -> None:
        order = {"billing_mode": {"type": "flexible"}}
        self._try(self.api.subscriptions.migrate, subscription, order)

    @rule(subscription=subscriptions)
    def drop_an_item(self, subscription: str) -> None:
        items = self._newest(
            self.api.subscription_items.list, {"subscription": subscription}
        )
        self._try(self.api.subscription_items.delete, items[0].id)

    @rule(subscription=subscriptions, amount=st.sampled_from([-300, 500]))
    def add_to_next_bill(self, subscription: str, amount: int) -> None:
        customer = self.api.subscriptions.retrieve(subscription).customer
        item = {"customer": customer, "amount": amount, "currency": "eur"}
        self._try(self.api.invoice_items.create, {**item, "subscription": subscription})

    @rule(
        subscription=subscriptions,
        now=st.booleans(),
        price=prices,
        mode=st.sampled_from(["next", "recurring"]),
    )
    def preview(self, subscription: str, now: bool, price: str, mode: str) -> None:
        behavior = "always_invoice" if now else "create_prorations"
        details = {"items": [{"price": price}], "proration_behavior": behavior}
        order = {
            "preview_mode": mode,
            "subscription": subscription,
            "subscription_details": details,
        }
        self._try(self.api.invoices.create_preview, order)

    @rule(subscription=subscriptions, rests=st.booleans())
    def preview_rest(self, subscription: str, rests: bool) -> None:
        pause = {"pause": {"invoicing_behavior": "invoice"}}
        details = pause if rests else {"resume_at": "now"}
        order = {"subscription": subscription, "subscription_details": details}
        self._try(self.api.invoices.create_preview, order)

    @rule(subscription=subscriptions, days=st.integers(1, 70))
    def rest(self, subscription: str, days: int) -> None:
        duration = {"interval": "day", "interval_count": days}
        resume = {"resume_at": {"type": "duration", "duration": duration}}
        entry = {"pause": {"pause_at": {"type": "now"}}, "resume": resume}
        order = {"from_subscription": subscription, "pause_schedules": [entry]}
        self._try(self.api.subscription_schedules.create, order)

    @rule(customer=customers, act=st.sampled_from(["release", "cancel"]))
    def end_schedule(self, customer: str, act: str) -> None:
        for schedule in self._newest(
            self.api.subscription_schedules.list, {"customer": customer}
        ):
            self._try(getattr(self.api.subscription_schedules, act), schedule.id)

    @rule(customer=customers, price=prices, ends=st.sampled_from(["release", "cancel"]))
    def plan_ahead(self, customer: str, price: str, ends: str) -> None:
        phase = {
            "items": [{"price": price, "quantity": 2}],
            "duration": {"interval": "month", "interval_count": 2},
        }
        order = {
            "customer": customer,
            "start_date": "now",
            "end_behavior": ends,
            "phases": [phase],
        }
        self._try(self.api.subscription_schedules.create, order)

    @rule(
        customer=customers,
        act=st.sampled_from(["finalize_invoice", "delete", "send_invoice"]),
    )
    def treat_draft(self, customer: str, act: str) -> None:
        order: Any = {"customer": customer, "status": "draft"}
        for invoice in self._newest(self.api.invoices.list, order):
            self._try(getattr(self.api.invoices, act), invoice.id)

    @rule(customer=customers, percent=st.sampled_from([15, 100]))
    def discount_draft(self, customer: str, percent: int) -> None:
        coupon = self.api.coupons.create({"percent_off": percent, "duration": "once"})
        order: Any = {"customer": customer, "status": "draft"}
        for invoice in self._newest(self.api.invoices.list, order):
            discounts = {"discounts": [{"coupon": coupon.id}]}
            self._try(self.api.invoices.update, invoice.id, discounts)

    @rule(customer=customers, status=st.sampled_from(["open", "paid"]))
    def credit_to_balance(self, customer: str, status: Any) -> None:
        order: Any = {"customer": customer, "status": status}
        for invoice in self._newest(self.api.invoices.list, order, worth):
            note: Any = {"invoice": invoice.id, "amount": 100}
            if status == "paid":
                note["credit_amount"] = 100
            self._try(self.api.credit_notes.create, note)

    @rule(customer=customers)
    def void_a_credit(self, customer: str) -> None:
        for note in self._newest(self.api.credit_notes.list, {"customer": customer}):
            self._try(self.api.credit_notes.void_credit_note, note.id)

    @rule(customer=customers, card=st.sampled_from(ONCE), manual=st.booleans())
    def pay_once(self, customer: str, card: str, manual: bool) -> None:
        order = {
            "amount": 700,
            "currency": "eur",
            "customer": customer,
            "payment_method": card,
            "capture_method": "manual" if manual else "automatic",
            "confirm": True,
            "return_url": "https://shop.test/",
        }
        self._try(self.api.payment_intents.create, order)

    @rule(customer=customers, act=st.sampled_from(["capture", "cancel", "confirm"]))
    def go_on_with_payment(self, customer: str, act: str) -> None:
        for intent in self._newest(
            self.api.payment_intents.list, {"customer": customer}, undone
        ):
            self._try(getattr(self.api.payment_intents, act), intent.id)

    @rule(customer=customers, amount=st.sampled_from([None, 100]))
    def refund(self, customer: str, amount: int | None) -> None:
        for charge in self._newest(
            self.api.charges.list, {"customer": customer}, refundable
        ):
            order: Any = {"charge": charge.id, **({"amount": amount} if amount else {})}
            self._try(self.api.refunds.create, order)

    @rule(customer=customers, card=st.sampled_from(CARDS))
    def save_a_card(self, customer: str, card: str) -> None:
        order = {
            "customer": customer,
            "payment_method": card,
            "confirm": True,
            "return_url": "https://shop.test/",
        }
        self._try(self.api.setup_intents.create, order)

    @rule(
        customer=customers,
        price=prices,
        way=st.sampled_from(["card", "debit", "expire", "leave"]),
    )
    def open_a_page(self, customer: str, price: str, way: str) -> None:
        lines = [{"price": price, "quantity": 1}]
        order = {"mode": "subscription", "customer": customer, "line_items": lines}
        order["allowed_payment_method_types"] = ["card", "sepa_debit"]
        made = self._try(self.api.checkout.sessions.create, {**order, **BACK})
        if made and way == "expire":
            self._try(self.api.checkout.sessions.expire, made.id)
        if made and way in WAYS:
            method = self.api.payment_methods.create(WAYS[way]).id
            page = f"/v1/payment_pages/{made.id}/confirm"
            self._try(self._post, page, {"payment_method": method})

    def _post(self, path: str, order: dict[str, str]) -> None:
        """A request that Stripe's own tools send and the SDK has no method for."""
        client = stripe.StripeClient(KEY, http_client=SandboxTransport())
        client.raw_request("post", path, **order)

    @rule(customer=customers, poor=st.booleans())
    def debit_account(self, customer: str, poor: bool) -> None:
        """Pay from an account by default from now on, which takes days each time."""
        iban = "DE65370400440002222227" if poor else "DE89370400440532013000"
        order: Any = {"type": "sepa_debit", "sepa_debit": {"iban": iban}, **PAYER}
        method = self.api.payment_methods.create(order).id
        if self._try(self.api.payment_methods.attach, method, {"customer": customer}):
            settings = {"invoice_settings": {"default_payment_method": method}}
            self._try(self.api.customers.update, customer, settings)

    @rule(customer=customers)
    def pay_elsewhere(self, customer: str) -> None:
        order = {"customer": customer, "status": "open"}
        for invoice in self._newest(self.api.invoices.list, order):
            paid = {"paid_out_of_band": True}
            self._try(self.api.invoices.pay, invoice.id, paid)

    @rule(customer=customers, price=prices)
    def write_lines(self, customer: str, price: str) -> None:
        order = {"customer": customer, "status": "draft"}
        for invoice in self._newest(self.api.invoices.list, order):
            lines = {"lines": [{"amount": 250, "description": "By hand"}]}
            self._try(self.api.invoices.add_lines, invoice.id, lines)
