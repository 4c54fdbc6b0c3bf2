"""What is for sale: products, prices, discounts, taxes, features and meters."""

from __future__ import annotations

import time

import stripe

from tests.sandbox.tour.steps import a_price, a_product, ids


def products(v1: stripe.V1Services) -> None:
    gold = v1.products.create(
        {
            "name": "Gold",
            "description": "Everything",
            "default_price_data": {"currency": "eur", "unit_amount": 1200},
            "marketing_features": [{"name": "All articles"}],
            "metadata": {"tour": "1"},
        }
    )
    plain = a_product(v1, "Plain")
    assert v1.products.retrieve(gold.id).name == "Gold"
    v1.products.update(gold.id, {"description": "Nearly everything"})
    assert ids(v1.products.list({"limit": 1})) == [plain]
    assert gold.id in ids(v1.products.search({"query": "metadata['tour']:'1'"}))
    assert v1.products.delete(plain).deleted


def prices(v1: stripe.V1Services) -> None:
    product = a_product(v1)
    seats = v1.prices.create(
        {
            "product": product,
            "currency": "eur",
            "recurring": {"interval": "month"},
            "billing_scheme": "tiered",
            "tiers_mode": "graduated",
            "tiers": [
                {"up_to": 5, "unit_amount": 500},
                {"up_to": "inf", "unit_amount_decimal": "450.5", "flat_amount": 100},
            ],
            "lookup_key": "tour-seats",
            "expand": ["tiers"],
        }
    )
    assert [tier.up_to for tier in seats.tiers or []] == [5, None]
    packs = v1.prices.create(
        {
            "product": product,
            "currency": "usd",
            "unit_amount": 900,
            "transform_quantity": {"divide_by": 10, "round": "up"},
            "currency_options": {"jpy": {"unit_amount": 1000}},
        }
    )
    again = v1.prices.retrieve(packs.id, {"expand": ["currency_options"]})
    assert again.currency_options
    assert again.currency_options["jpy"].unit_amount == 1000
    v1.prices.update(packs.id, {"active": False, "nickname": "Packs"})
    assert ids(v1.prices.list({"lookup_keys": ["tour-seats"]})) == [seats.id]
    found = v1.prices.search({"query": f"product:'{product}' AND active:'true'"})
    assert ids(found) == [seats.id]


def plans(v1: stripe.V1Services) -> None:
    plan = v1.plans.create(
        {
            "currency": "usd",
            "interval": "month",
            "amount": 2000,
            "product": {"name": "Old style"},
        }
    )
    assert v1.prices.retrieve(plan.id).unit_amount == 2000
    v1.plans.update(plan.id, {"nickname": "Older"})
    assert v1.plans.retrieve(plan.id).nickname == "Older"
    assert plan.id in ids(v1.plans.list())
    assert v1.plans.delete(plan.id).deleted


def coupons_and_codes(v1: stripe.V1Services) -> None:
    coupon = v1.coupons.create({"percent_off": 25, "duration": "forever"})
    v1.coupons.update(coupon.id, {"name": "A quarter off"})
    assert v1.coupons.retrieve(coupon.id).name == "A quarter off"
    assert ids(v1.coupons.list()) == [coupon.id]
    code = v1.promotion_codes.create(
        {"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "TOUR25"}
    )
    assert v1.promotion_codes.retrieve(code.id).code == "TOUR25"
    v1.promotion_codes.update(code.id, {"active": False})
    assert ids(v1.promotion_codes.list({"active": False})) == [code.id]
    assert v1.coupons.delete(coupon.id).deleted


def tax_rates(v1: stripe.V1Services) -> None:
    rate = v1.tax_rates.create(
        {"display_name": "VAT", "percentage": 20, "inclusive": False, "country": "GB"}
    )
    v1.tax_rates.update(rate.id, {"description": "Standard rate"})
    assert v1.tax_rates.retrieve(rate.id).description == "Standard rate"
    assert ids(v1.tax_rates.list({"active": True})) == [rate.id]


def tax_ids(v1: stripe.V1Services) -> None:
    customer = v1.customers.create({"name": "Loaf Ltd"}).id
    vat = {"type": "eu_vat", "value": "DE123456789"}
    one = v1.customers.tax_ids.create(customer, vat)
    assert v1.customers.tax_ids.retrieve(customer, one.id).value == "DE123456789"
    assert ids(v1.customers.tax_ids.list(customer)) == [one.id]
    assert v1.customers.tax_ids.delete(customer, one.id).deleted
    owner = {"type": "customer", "customer": customer}
    two = v1.tax_ids.create({**vat, "owner": owner})
    assert v1.tax_ids.retrieve(two.id).type == "eu_vat"
    assert ids(v1.tax_ids.list({"owner": owner})) == [two.id]
    assert v1.tax_ids.delete(two.id).deleted


def entitlements(v1: stripe.V1Services) -> None:
    feature = v1.entitlements.features.create(
        {"name": "Archive", "lookup_key": "tour-archive"}
    )
    v1.entitlements.features.update(feature.id, {"name": "The archive"})
    assert v1.entitlements.features.retrieve(feature.id).name == "The archive"
    assert ids(v1.entitlements.features.list()) == [feature.id]
    product = a_product(v1)
    held = v1.products.features.create(product, {"entitlement_feature": feature.id})
    assert v1.products.features.retrieve(product, held.id).id == held.id
    assert ids(v1.products.features.list(product)) == [held.id]
    customer = v1.customers.create({"payment_method": "pm_card_visa"}).id
    method = ids(v1.customers.payment_methods.list(customer))[0]
    v1.subscriptions.create(
        {
            "customer": customer,
            "items": [{"price": a_price(v1, product=product)}],
            "default_payment_method": method,
        }
    )
    active = v1.entitlements.active_entitlements.list({"customer": customer})
    assert [one.lookup_key for one in active] == ["tour-archive"]
    assert v1.entitlements.active_entitlements.retrieve(ids(active)[0]).feature
    assert v1.products.features.delete(product, held.id).deleted


def meters(v1: stripe.V1Services) -> None:
    meter = v1.billing.meters.create(
        {
            "display_name": "Words",
            "event_name": "words",
            "default_aggregation": {"formula": "sum"},
        }
    )
    v1.billing.meters.update(meter.id, {"display_name": "Words read"})
    assert v1.billing.meters.retrieve(meter.id).display_name == "Words read"
    assert ids(v1.billing.meters.list()) == [meter.id]
    customer = v1.customers.create({}).id
    for identifier in ("one", "two"):
        payload = {"stripe_customer_id": customer, "value": "40"}
        v1.billing.meter_events.create(
            {"event_name": "words", "payload": payload, "identifier": identifier}
        )
    v1.billing.meter_event_adjustments.create(
        {"event_name": "words", "type": "cancel", "cancel": {"identifier": "two"}}
    )
    minute = int(time.time()) // 60 * 60
    window = {"start_time": minute - 3600, "end_time": minute + 60}
    summaries = v1.billing.meters.event_summaries.list(
        meter.id, {"customer": customer, **window}
    )
    assert [one.aggregated_value for one in summaries] == [40]
    assert v1.billing.meters.deactivate(meter.id).status == "inactive"
    assert v1.billing.meters.reactivate(meter.id).status == "active"


def feedback_options(v1: stripe.V1Services) -> None:
    option = v1.billing.feedback_options.create({"description": "Moving away"})
    v1.billing.feedback_options.update(option.id, {"description": "Moved away"})
    found = v1.billing.feedback_options.retrieve(option.id)
    assert found.description == "Moved away"
    assert ids(v1.billing.feedback_options.list()) == [option.id]
    done = v1.billing.feedback_options.deactivate(option.id)
    assert done.status == "inactive"
