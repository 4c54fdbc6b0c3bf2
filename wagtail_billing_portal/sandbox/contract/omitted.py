"""Which declared fields Stripe leaves out of an answer, and which it adds on demand."""

from __future__ import annotations

from stripe import PaymentMethod

from .shapes import Choice, Field, Record, record


def _by_kind(**names: str) -> dict[str, frozenset[str]]:
    return {
        kind.replace("__", "."): frozenset(fields.split())
        for kind, fields in names.items()
    }


# Left out until ``expand`` names them.
ON_DEMAND = _by_kind(
    charge="refunds",
    checkout__session="line_items",
    coupon="applies_to currency_options",
    customer="cash_balance invoice_credit_balance sources subscriptions tax tax_ids",
    invoice="confirmation_secret payments",
    item="discounts taxes",
    payment_link="line_items",
    price="currency_options tiers",
)

# There in some situations only.
SOMETIMES = _by_kind(
    balance="connect_reserved instant_available issuing refund_and_dispute_prefunding",
    billing_portal__session="after_expiration",
    charge="authorization_code level3 presentment_details radar_options transfer",
    checkout__session=(
        "allowed_payment_method_types branding_settings excluded_payment_method_types "
        "name_collection optional_items presentment_details redirect_on_completion "
        "return_url tax_id_collection"
    ),
    customer="business_name customer_account individual_name",
    event="account context",
    invoice="amount_paid_off_stripe status_details threshold_reason",
    invoiceitem="frozen_fields invoicing_rules proration_details",
    payment_intent=(
        "allowed_payment_method_types hooks payment_details payment_record "
        "presentment_details"
    ),
    payment_link="name_collection optional_items",
    payment_method="radar_options",
    product="tax_details",
    refund=(
        "description failure_balance_transaction failure_reason instructions_email "
        "next_action pending_reason presentment_details"
    ),
    setup_intent=(
        "allowed_payment_method_types attach_to_self customer_account managed_payments"
    ),
    subscription="presentment_details status_details",
    subscription_item="billed_until current_trial",
    subscription_schedule="pause_schedules",
    webhook_endpoint="secret",
)


def may_be_absent(of: Record, name: str, field: Field) -> bool:
    """Whether Stripe answers without the field in some or in all situations."""
    if of.kind is None:
        return not field.required
    if name == "deleted" or name in ON_DEMAND.get(of.kind, ()):
        return True
    if name in SOMETIMES.get(of.kind, ()):
        return True
    return of.kind == "payment_method" and name in _payment_method_types()


def _payment_method_types() -> tuple[str, ...]:
    """A payment method holds the details of its own type and of no other."""
    shape = record(PaymentMethod).fields["type"].shape
    return shape.values if isinstance(shape, Choice) else ()
