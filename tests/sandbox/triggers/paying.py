"""Scripts for customers and the ways in which they pay."""

from __future__ import annotations

from typing import Any

from tests.sandbox.triggers.beginnings import (
    CLOCK,
    CUSTOMER,
    PAYER,
    PRICE,
    PRODUCT,
    advanced,
    on_clock,
    paid,
)
from tests.sandbox.triggers.language import Step, delete, get, post

CHARGE = post(
    "charge", "charges", source="tok_visa", amount=100, currency="usd", description="x"
)
HELD = post(
    "charge", "charges", source="tok_visa", amount=100, currency="usd", capture="false"
)
REFUND = post("refund", "refunds", charge="${charge:id}")
REFUND_NOTED = [
    CHARGE,
    REFUND,
    post("noted", "refunds/${refund:id}", metadata={"order": "6735"}),
]
TAX_ID = post(
    "tax_id",
    "customers/${customer:id}/tax_ids",
    type="eu_vat",
    value="DE123456789",
)
COUPON = post("coupon", "coupons", percent_off=20, duration="forever")
ATTACHED = post(
    "method", "payment_methods/pm_card_visa/attach", customer="${customer:id}"
)
SOURCE = post("source", "customers/${customer:id}/sources", source="tok_visa")
IBAN_SUCCEEDS, IBAN_FAILS = "AT611904300234573201", "AT861904300235473202"
MANDATE = {
    "customer_acceptance": {
        "type": "online",
        "online": {"ip_address": "127.0.0.1", "user_agent": "script"},
    }
}


def by_debit(iban: str) -> list[Step]:
    return [
        post(
            "method",
            "payment_methods",
            type="sepa_debit",
            sepa_debit={"iban": iban},
            billing_details={"name": "Jenny", "email": "jenny@example.com"},
        ),
        post(
            "payment_intent",
            "payment_intents",
            amount=2000,
            currency="eur",
            payment_method="${method:id}",
            payment_method_types=["sepa_debit"],
            mandate_data=MANDATE,
            confirm=True,
        ),
    ]


def set_up(card: str, *, fails: str | None = None, **params: Any) -> list[Step]:
    wish = post("setup_intent", "setup_intents", payment_method_types=["card"])
    confirm = post(
        "confirmed",
        "setup_intents/${setup_intent:id}/confirm",
        payment_method=card,
        fails=fails,
        **params,
    )
    return [wish, confirm]


def debited(iban: str) -> list[Step]:
    """A Checkout page that is paid by debit, and the days until the bank answers."""
    customer = {"customer": "${customer:id}"}
    return [CLOCK, on_clock(CUSTOMER), *checked_out(iban, **customer), advanced(5)]


def checked_out(iban: str | None = None, **params: Any) -> list[Step]:
    """A Checkout page that is paid without a browser."""
    currency = "eur" if iban else "usd"
    details: dict[str, Any] = {"email": "jenny@example.com", "name": "Jenny"}
    how: dict[str, Any] = {"type": "card", "card": {"token": "tok_visa"}}
    if iban:
        how = {"type": "sepa_debit", "sepa_debit": {"iban": iban}}
    return [
        PRODUCT,
        post(
            "price",
            "prices",
            product="${product:id}",
            unit_amount=1500,
            currency=currency,
        ),
        post(
            "session",
            "checkout/sessions",
            mode="payment",
            success_url="https://shop.test/done",
            cancel_url="https://shop.test/",
            line_items=[{"price": "${price:id}", "quantity": 2}],
            payment_method_types=[how["type"]],
            **params,
        ),
        get("page", "payment_pages/${session:id}"),
        post("method", "payment_methods", billing_details=details, **how),
        post(
            "confirmed",
            "payment_pages/${page:id}/confirm",
            payment_method="${method:id}",
            expected_amount="${page:line_item_group:due}",
        ),
    ]


DISPUTED = [
    post(
        "payment_intent",
        "payment_intents",
        amount=2000,
        currency="usd",
        payment_method="pm_card_createDispute",
        confirm="true",
    ),
    get("disputes", "disputes", payment_intent="${payment_intent:id}"),
]
CLOSED = post("closed", "disputes/${disputes:data:0:id}/close")

SCRIPTS: dict[str, list[Step]] = {
    "account.updated": [
        post("account", "accounts", type="standard", country="GB"),
        post("updated", "accounts/${account:id}", metadata={"foo": "bar"}),
    ],
    "charge.dispute.created": DISPUTED,
    "charge.dispute.funds_withdrawn": DISPUTED,
    "charge.dispute.updated": [
        *DISPUTED,
        post("updated", "disputes/${disputes:data:0:id}", metadata={"foo": "bar"}),
    ],
    "charge.dispute.closed": [*DISPUTED, CLOSED],
    "charge.dispute.funds_reinstated": [
        CLOCK,
        on_clock(CUSTOMER),
        paid("pm_card_createDispute", customer="${customer:id}"),
        DISPUTED[1],
        post(
            "won",
            "disputes/${disputes:data:0:id}",
            evidence={"uncategorized_text": "winning_evidence"},
            submit="true",
        ),
        advanced(30),
    ],
    "charge.expired": [
        CLOCK,
        on_clock(PAYER),
        paid(
            capture_method="manual",
            customer="${customer:id}",
            card="${customer:invoice_settings:default_payment_method}",
        ),
        advanced(8),
    ],
    "customer.tax_id.updated": [
        CLOCK,
        on_clock(CUSTOMER),
        Step(TAX_ID.name, TAX_ID.request, {**TAX_ID.params, "value": "DE000000000"}),
        advanced(1),
    ],
    "refund.failed": [
        CLOCK,
        on_clock(CUSTOMER),
        paid("pm_card_refundFail", customer="${customer:id}"),
        post("refund", "refunds", payment_intent="${payment_intent:id}"),
        advanced(8),
    ],
    "customer.created": [CUSTOMER],
    "customer.updated": [
        CUSTOMER,
        post("updated", "customers/${customer:id}", metadata={"foo": "bar"}),
    ],
    "customer.deleted": [CUSTOMER, delete("deleted", "customers/${customer:id}")],
    "customer.tax_id.created": [CUSTOMER, TAX_ID],
    "customer.tax_id.deleted": [
        CUSTOMER,
        TAX_ID,
        delete("deleted", "customers/${customer:id}/tax_ids/${tax_id:id}"),
    ],
    "customer.source.created": [CUSTOMER, SOURCE],
    "customer.source.updated": [
        CUSTOMER,
        SOURCE,
        post(
            "updated",
            "customers/${customer:id}/sources/${source:id}",
            metadata={"foo": "bar"},
        ),
    ],
    "customer.source.deleted": [
        CUSTOMER,
        SOURCE,
        delete("deleted", "customers/${customer:id}/sources/${source:id}"),
    ],
    "payment_method.attached": [CUSTOMER, ATTACHED],
    "payment_method.updated": [
        CUSTOMER,
        ATTACHED,
        post(
            "updated",
            "payment_methods/${method:id}",
            billing_details={"address": {"country": "US"}},
        ),
    ],
    "payment_method.detached": [
        CUSTOMER,
        ATTACHED,
        post("detached", "payment_methods/${method:id}/detach"),
    ],
    "charge.succeeded": [CHARGE],
    "charge.failed": [
        post(
            "charge",
            "charges",
            source="tok_chargeDeclined",
            amount=100,
            currency="usd",
            fails="card_error",
        )
    ],
    "charge.captured": [HELD, post("captured", "charges/${charge:id}/capture")],
    "charge.updated": [
        CHARGE,
        post("updated", "charges/${charge:id}", metadata={"foo": "bar"}),
    ],
    "charge.refunded": [CHARGE, REFUND],
    "charge.refund.updated": REFUND_NOTED,
    "charge.pending": by_debit(IBAN_SUCCEEDS),
    "refund.created": [CHARGE, REFUND],
    "refund.updated": REFUND_NOTED,
    "payment_intent.created": [
        post("payment_intent", "payment_intents", amount=2000, currency="usd")
    ],
    "payment_intent.succeeded": [paid()],
    "payment_intent.payment_failed": [
        paid("pm_card_chargeDeclined", fails="card_error")
    ],
    "payment_intent.requires_action": [paid("pm_card_authenticationRequired")],
    "payment_intent.amount_capturable_updated": [paid(capture_method="manual")],
    "payment_intent.canceled": [
        post("payment_intent", "payment_intents", amount=2000, currency="usd"),
        post("canceled", "payment_intents/${payment_intent:id}/cancel"),
    ],
    "payment_intent.processing": by_debit(IBAN_SUCCEEDS),
    "setup_intent.created": [post("setup_intent", "setup_intents")],
    "setup_intent.succeeded": set_up("pm_card_visa"),
    "setup_intent.requires_action": set_up("pm_card_authenticationRequired"),
    "setup_intent.setup_failed": set_up("pm_card_chargeDeclined", fails="card_error"),
    "setup_intent.canceled": [
        post("setup_intent", "setup_intents"),
        post("canceled", "setup_intents/${setup_intent:id}/cancel"),
    ],
    "checkout.session.completed": checked_out(),
    "checkout.session.async_payment_succeeded": debited(IBAN_SUCCEEDS),
    "checkout.session.async_payment_failed": debited(IBAN_FAILS),
    "checkout.session.expired": [
        *checked_out()[:3],
        post("expired", "checkout/sessions/${session:id}/expire"),
    ],
    "customer.discount.created": [
        PAYER,
        PRODUCT,
        PRICE,
        COUPON,
        post(
            "subscription",
            "subscriptions",
            customer="${customer:id}",
            items=[{"price": "${price:id}"}],
            discounts=[{"coupon": "${coupon:id}"}],
        ),
    ],
    "customer.discount.updated": [
        COUPON,
        post("customer", "customers", coupon="${coupon:id}"),
        post("other", "coupons", percent_off=30),
        post("updated", "customers/${customer:id}", coupon="${other:id}"),
    ],
    "customer.discount.deleted": [
        PAYER,
        PRODUCT,
        PRICE,
        COUPON,
        post(
            "subscription",
            "subscriptions",
            customer="${customer:id}",
            items=[{"price": "${price:id}"}],
            coupon="${coupon:id}",
        ),
        delete("deleted", "subscriptions/${subscription:id}/discount"),
    ],
}
