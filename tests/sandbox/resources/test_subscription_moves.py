"""Items added by themselves, discounts taken off, classic billing left behind."""

from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import Shop


def test_an_added_item_is_charged_for_the_rest_of_the_period(shop: Shop) -> None:
    subscription = shop.subscribe()
    shop.wait(days=15)

    item = shop.api.subscription_items.create(
        {
            "subscription": subscription.id,
            "price": shop.price(3100, "Seat"),
            "quantity": 2,
            "metadata": {"desk": "12"},
            "proration_behavior": "always_invoice",
        }
    )

    assert (item.quantity, item.metadata["desk"]) == (2, "12")
    assert shop.invoices()[0].amount_paid == 3200
    assert len(shop.subscription(subscription.id)["items"].data) == 2


def test_an_item_needs_a_subscription_and_a_price_of_its_own(shop: Shop) -> None:
    price = shop.price()
    subscription = shop.subscribe(items=[{"price": price}])
    create = shop.api.subscription_items.create

    with pytest.raises(stripe.InvalidRequestError) as refused:
        create({"subscription": "sub_nobody", "price": price})
    assert (refused.value.param, refused.value.http_status) == ("subscription", 400)
    with pytest.raises(stripe.InvalidRequestError):
        create({"subscription": subscription.id, "price": price})


def test_a_discount_taken_off_no_longer_counts(shop: Shop) -> None:
    coupon = shop.api.coupons.create({"percent_off": 50, "duration": "forever"}).id
    subscription = shop.subscribe(discounts=[{"coupon": coupon}])

    gone = shop.api.subscriptions.delete_discount(subscription.id)
    shop.wait(days=32)

    assert gone.deleted
    assert shop.subscription(subscription.id).discounts == []
    assert [invoice.total for invoice in shop.invoices()] == [1200, 600]
    assert "customer.discount.deleted" in shop.events()
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.api.subscriptions.delete_discount(subscription.id)
    assert refused.value.http_status == 404


def test_classic_billing_is_left_for_good(shop: Shop) -> None:
    subscription = shop.subscribe(billing_mode={"type": "classic"})
    flexible: stripe.params.SubscriptionMigrateParams = {
        "billing_mode": {"type": "flexible"}
    }

    moved = shop.api.subscriptions.migrate(subscription.id, flexible)

    assert moved.billing_mode.type == "flexible"
    assert moved.billing_mode.updated_at == shop.world.now
    before = shop.last_event("customer.subscription.updated").data.previous_attributes
    assert before is not None
    assert set(before.to_dict()) == {"billing_mode"}
    with pytest.raises(stripe.InvalidRequestError):
        shop.api.subscriptions.migrate(subscription.id, flexible)
