from __future__ import annotations

from typing import Any

import pytest
import stripe

PORTAL = "https://shop.test/account/"


@pytest.fixture
def gold(shop):
    return shop.price()


@pytest.fixture
def silver(shop):
    return shop.price(600, "Silver")


@pytest.fixture
def configuration(api, gold, silver):
    def offer(price: str) -> dict[str, Any]:
        quantity = {"enabled": True, "minimum": 1, "maximum": 5}
        product = api.prices.retrieve(price).product
        return {"product": product, "prices": [price], "adjustable_quantity": quantity}

    return api.billing_portal.configurations.create(
        {
            "default_return_url": PORTAL,
            "features": {
                "payment_method_update": {"enabled": True},
                "subscription_cancel": {"enabled": True},
                "subscription_pause": {
                    "enabled": True,
                    "duration": {"type": "indefinite"},
                },
                "subscription_update": {
                    "enabled": True,
                    "default_allowed_updates": ["price", "quantity"],
                    "products": [offer(gold), offer(silver)],
                },
            },
        }
    )


@pytest.fixture
def opens(api, configuration):
    """Open a flow for a subscription."""

    def open_flow(subscription: Any, kind: str, **wish: Any) -> Any:
        wanted = {"subscription": subscription.id, **wish}
        return api.billing_portal.sessions.create(
            {
                "customer": subscription.customer,
                "configuration": configuration.id,
                "flow_data": {"type": kind, kind: wanted},
            }
        )

    return open_flow


def item_of(subscription, **wish):
    return {"id": subscription["items"].data[0].id, **wish}


def refused(match):
    return pytest.raises(stripe.InvalidRequestError, match=match)


KINDS = ("subscription_update", "subscription_pause", "subscription_cancel")


@pytest.mark.parametrize("kind", KINDS)
def test_a_flow_tells_what_it_is_for(shop, opens, gold, kind):
    subscription = shop.subscribe(items=[{"price": gold}])

    flow = opens(subscription, kind).flow

    assert flow.type == kind
    assert flow[kind].subscription == subscription.id
    assert flow.after_completion.type == "portal_homepage"


def test_a_change_to_confirm_is_kept_word_for_word(shop, opens, gold, silver):
    subscription = shop.subscribe(items=[{"price": gold}])
    wish = item_of(subscription, price=silver, quantity=2)

    flow = opens(subscription, "subscription_update_confirm", items=[wish]).flow

    confirm = flow.subscription_update_confirm
    assert confirm["items"][0].to_dict() == wish
    assert confirm.discounts is None


@pytest.mark.parametrize(
    ("wish", "match"),
    [
        pytest.param({}, "no changes to confirm", id="nothing"),
        pytest.param({"quantity": 1}, "no changes to confirm", id="the same"),
        pytest.param({"quantity": 9}, "not allowed", id="too many"),
        pytest.param({"price": "bronze"}, "not available", id="not on offer"),
        pytest.param({"price": "price_none"}, "No such price", id="unknown"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused(shop, opens, gold, wish, match):
    subscription = shop.subscribe(items=[{"price": gold}])
    if wish.get("price") == "bronze":
        wish = {"price": shop.price(300, "Bronze")}
    items = [item_of(subscription, **wish)]

    with refused(match):
        opens(subscription, "subscription_update_confirm", items=items)


def test_one_item_of_the_subscription_itself_is_confirmed(shop, opens, gold, silver):
    subscription = shop.subscribe(items=[{"price": gold}])
    one = item_of(subscription, price=silver)

    with refused("exactly one"):
        opens(subscription, "subscription_update_confirm", items=[one, one])
    with refused("has no item"):
        opens(
            subscription,
            "subscription_update_confirm",
            items=[{"id": "si_other", "price": silver}],
        )


def test_a_discount_to_confirm_must_be_good(api, shop, opens, gold):
    subscription = shop.subscribe(items=[{"price": gold}])
    half = api.coupons.create({"percent_off": 50, "duration": "once"}).id
    wish = {"items": [item_of(subscription)]}
    kind = "subscription_update_confirm"

    flow = opens(subscription, kind, discounts=[{"coupon": half}], **wish).flow

    assert flow.subscription_update_confirm.discounts[0].coupon == half
    assert api.coupons.retrieve(half).times_redeemed == 0
    with refused("No such coupon"):
        opens(subscription, kind, discounts=[{"coupon": "none"}], **wish)
    with refused("one discount"):
        opens(subscription, kind, discounts=[{"coupon": half}] * 2, **wish)


def several(shop, gold):
    return shop.subscribe(items=[{"price": gold}, {"price": shop.price(100, "Bun")}])


def invoiced(shop, gold):
    return shop.subscribe(
        items=[{"price": gold}], collection_method="send_invoice", days_until_due=30
    )


def planned(shop, gold):
    subscription = shop.subscribe(items=[{"price": gold}])
    schedule = shop.api.subscription_schedules.create(
        {"from_subscription": subscription.id}
    )
    now = schedule.phases[0]
    shop.api.subscription_schedules.update(
        schedule.id,
        {
            "phases": [
                {
                    "items": [{"price": gold}],
                    "start_date": now.start_date,
                    "end_date": now.end_date,
                },
                {"items": [{"price": shop.price(100, "Later")}]},
            ]
        },
    )
    return subscription


def metered(shop, gold):
    meter = shop.api.billing.meters.create(
        {
            "display_name": "Loaves",
            "event_name": "loaves",
            "default_aggregation": {"formula": "sum"},
        }
    )
    used = {"interval": "month", "usage_type": "metered", "meter": meter.id}
    return shop.subscribe(items=[{"price": shop.price(5, "Use", recurring=used)}])


@pytest.mark.parametrize(
    ("kind", "made", "match"),
    [
        ("subscription_update", several, "multiple items"),
        ("subscription_update", invoiced, "send_invoice"),
        ("subscription_update", metered, "billed by usage"),
        ("subscription_update", planned, "schedule"),
        ("subscription_cancel", planned, "schedule"),
        ("subscription_pause", planned, "schedule"),
        ("subscription_pause", invoiced, "send_invoice"),
    ],
)
def test_what_the_portal_cannot_do_is_refused(shop, opens, gold, kind, made, match):
    subscription = made(shop, gold)

    with refused(match):
        opens(subscription, kind)


@pytest.mark.parametrize("made", [several, invoiced, metered])
def test_what_cannot_be_changed_can_be_cancelled(shop, opens, gold, made):
    assert opens(made(shop, gold), "subscription_cancel").flow


def test_leaving_twice_is_refused(api, shop, opens, gold):
    subscription = shop.subscribe(items=[{"price": gold}])
    api.subscriptions.update(subscription.id, {"cancel_at_period_end": True})

    with refused("is already set to be canceled at period end"):
        opens(subscription, "subscription_cancel")
    with refused("is set to be canceled"):
        opens(subscription, "subscription_update")


def test_a_coupon_held_out_must_be_good(api, shop, opens, gold):
    subscription = shop.subscribe(items=[{"price": gold}])
    half = api.coupons.create({"percent_off": 50, "duration": "once"}).id

    def offer(coupon: str) -> Any:
        retention = {"type": "coupon_offer", "coupon_offer": {"coupon": coupon}}
        return opens(subscription, "subscription_cancel", retention=retention)

    cancel = offer(half).flow.subscription_cancel
    assert cancel.retention.coupon_offer.coupon == half
    with refused("No such coupon"):
        offer("none")


def test_a_switched_off_feature_has_no_flow(api, shop, gold):
    subscription = shop.subscribe(items=[{"price": gold}])
    off = api.billing_portal.configurations.create(
        {"features": {"invoice_history": {"enabled": True}}}
    )

    for kind in KINDS:
        with refused("feature in the portal configuration is disabled"):
            api.billing_portal.sessions.create(
                {
                    "customer": subscription.customer,
                    "configuration": off.id,
                    "return_url": PORTAL,
                    "flow_data": {
                        "type": kind,
                        kind: {"subscription": subscription.id},
                    },
                }
            )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc", "shop"])
def test_nobody_is_sent_to_what_is_no_web_address(api, shop, configuration, url):
    redirect = {"type": "redirect", "redirect": {"return_url": url}}
    flow = {"type": "payment_method_update", "after_completion": redirect}
    order = {"customer": shop.customer(), "configuration": configuration.id}

    with refused("Not a valid URL"):
        api.billing_portal.sessions.create({**order, "return_url": url})
    with refused("Not a valid URL"):
        api.billing_portal.sessions.create({**order, "flow_data": flow})
    with refused("Not a valid URL"):
        api.billing_portal.configurations.update(
            configuration.id, {"business_profile": {"privacy_policy_url": url}}
        )


@pytest.mark.parametrize(
    ("features", "match"),
    [
        pytest.param(
            {
                "subscription_pause": {
                    "enabled": True,
                    "duration": {
                        "type": "interval_options",
                        "interval_options": [{"interval": "year", "interval_count": 4}],
                    },
                }
            },
            "three years",
            id="too long",
        ),
        pytest.param(
            {
                "subscription_pause": {
                    "enabled": True,
                    "duration": {"type": "interval_options", "interval_options": ""},
                }
            },
            "interval_options",
            id="no length",
        ),
        pytest.param(
            {"subscription_update": {"enabled": True}},
            "products",
            id="nothing on offer",
        ),
        pytest.param(
            {
                "payment_method_update": {
                    "enabled": True,
                    "payment_method_configuration": "pmc_1",
                }
            },
            "payment method configurations",
            id="payment method configuration",
        ),
        pytest.param(
            {
                "subscription_cancel": {
                    "enabled": True,
                    "cancellation_reason": {
                        "enabled": True,
                        "options": ["other"],
                        "feedback_options": ["fdbk_none"],
                    },
                }
            },
            "No such",
            id="unknown feedback option",
        ),
    ],
)
def test_a_configuration_that_cannot_work_is_refused(api, shop, features, match):
    with refused(match):
        api.billing_portal.configurations.create({"features": features})


def test_a_product_offers_one_price_for_each_interval(api, shop, gold):
    product = api.prices.retrieve(gold).product
    other = api.prices.create(
        {
            "product": product,
            "currency": "eur",
            "unit_amount": 900,
            "recurring": {"interval": "month"},
        }
    ).id

    with refused("same billing interval"):
        api.billing_portal.configurations.create(
            {
                "features": {
                    "payment_method_update": {"enabled": True},
                    "subscription_update": {
                        "enabled": True,
                        "default_allowed_updates": ["price"],
                        "products": [{"product": product, "prices": [gold, other]}],
                    },
                }
            }
        )


def test_a_pause_lasts_a_month_unless_told_otherwise(api, shop):
    made = api.billing_portal.configurations.create(
        {"features": {"subscription_pause": {"enabled": True}}}
    )

    duration = made.features.subscription_pause.duration
    assert duration.type == "interval_options"
    assert [it.to_dict() for it in duration.interval_options] == [
        {"interval": "month", "interval_count": 1}
    ]
