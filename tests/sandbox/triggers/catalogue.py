"""Scripts for what is sold, and for the workshop around it."""

from __future__ import annotations

from tests.sandbox.triggers.beginnings import (
    CLOCK,
    CUSTOMER,
    DAY,
    LONG_AGO,
    ONE_TIME,
    PAYER,
    PRICE,
    PRODUCT,
    subscription,
)
from tests.sandbox.triggers.language import Step, delete, post

COUPON = post("coupon", "coupons", percent_off=20, duration="forever")
CODE = post("code", "promotion_codes", coupon="${coupon:id}")
PLAN = post(
    "plan",
    "plans",
    currency="usd",
    interval="month",
    amount=2000,
    product={"name": "myproduct"},
)
RATE = post("rate", "tax_rates", display_name="VAT", percentage="20", inclusive="false")
METER = post(
    "meter",
    "billing/meters",
    display_name="Words",
    event_name="words",
    default_aggregation={"formula": "sum"},
)
PORTAL = post(
    "portal",
    "billing_portal/configurations",
    **{
        "business_profile[headline]": "The Weekly Loaf",
        "features[invoice_history][enabled]": "true",
        "default_return_url": "https://shop.test/",
    },
)
LINK = post(
    "link", "payment_links", line_items=[{"price": "${price:id}", "quantity": 1}]
)
FEATURE = post("feature", "entitlements/features", name="Archive", lookup_key="archive")

SCRIPTS: dict[str, list[Step]] = {
    "product.created": [PRODUCT],
    "product.updated": [
        PRODUCT,
        post("updated", "products/${product:id}", metadata={"foo": "bar"}),
    ],
    "product.deleted": [PRODUCT, delete("deleted", "products/${product:id}")],
    "price.created": [PRODUCT, PRICE],
    "price.updated": [
        PRODUCT,
        PRICE,
        post("updated", "prices/${price:id}", active=False),
    ],
    "price.deleted": [PLAN, delete("deleted", "plans/${plan:id}")],
    "plan.created": [PLAN],
    "plan.updated": [PLAN, post("updated", "plans/${plan:id}", nickname="Old")],
    "plan.deleted": [PLAN, delete("deleted", "plans/${plan:id}")],
    "coupon.created": [COUPON],
    "coupon.updated": [
        COUPON,
        post("updated", "coupons/${coupon:id}", metadata={"foo": "bar"}),
    ],
    "coupon.deleted": [COUPON, delete("deleted", "coupons/${coupon:id}")],
    "promotion_code.created": [COUPON, CODE],
    "promotion_code.updated": [
        COUPON,
        CODE,
        post("updated", "promotion_codes/${code:id}", active=False),
    ],
    "tax_rate.created": [RATE],
    "tax_rate.updated": [
        RATE,
        post("updated", "tax_rates/${rate:id}", active="false"),
    ],
    "entitlements.active_entitlement_summary.updated": [
        FEATURE,
        PRODUCT,
        post(
            "held",
            "products/${product:id}/features",
            entitlement_feature="${feature:id}",
        ),
        PRICE,
        PAYER,
        subscription(),
    ],
    "billing.meter.created": [METER],
    "billing.meter.updated": [
        METER,
        post("updated", "billing/meters/${meter:id}", display_name="Words read"),
    ],
    "billing.meter.deactivated": [
        METER,
        post("off", "billing/meters/${meter:id}/deactivate"),
    ],
    "billing.meter.reactivated": [
        METER,
        post("off", "billing/meters/${meter:id}/deactivate"),
        post("on", "billing/meters/${meter:id}/reactivate"),
    ],
    "billing_portal.configuration.created": [PORTAL],
    "billing_portal.configuration.updated": [
        PORTAL,
        post(
            "updated",
            "billing_portal/configurations/${portal:id}",
            metadata={"foo": "bar"},
        ),
    ],
    "billing_portal.session.created": [
        PORTAL,
        CUSTOMER,
        post(
            "session",
            "billing_portal/sessions",
            customer="${customer:id}",
            configuration="${portal:id}",
        ),
    ],
    "payment_link.created": [PRODUCT, ONE_TIME, LINK],
    "payment_link.updated": [
        PRODUCT,
        ONE_TIME,
        LINK,
        post("updated", "payment_links/${link:id}", active="false"),
    ],
    "test_helpers.test_clock.created": [CLOCK],
    "test_helpers.test_clock.advancing": [
        CLOCK,
        post(
            "advance",
            "test_helpers/test_clocks/${clock:id}/advance",
            frozen_time=LONG_AGO + DAY,
        ),
    ],
    "test_helpers.test_clock.ready": [
        CLOCK,
        post(
            "advance",
            "test_helpers/test_clocks/${clock:id}/advance",
            frozen_time=LONG_AGO + DAY,
        ),
    ],
    "test_helpers.test_clock.deleted": [
        CLOCK,
        delete("deleted", "test_helpers/test_clocks/${clock:id}"),
    ],
}
