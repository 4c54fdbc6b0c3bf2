from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import HOUR, moment

APPLIED = "customer.subscription.pending_update_applied"
EXPIRED = "customer.subscription.pending_update_expired"
UPDATED = "customer.subscription.updated"
REFUSED = "pm_card_chargeCustomerFail"
MIDDLE = moment(2026, 3, 16, 12)


@pytest.fixture
def subscription(shop):
    """Paid for in March by a card that pays no more; it is the middle of the month."""
    subscription = shop.subscribe(items=[{"price": shop.price(3100)}])
    use_card(shop.api, subscription.customer, REFUSED)
    shop.travel(MIDDLE)
    return subscription


def use_card(api, customer, card):
    method = api.payment_methods.attach(card, {"customer": customer}).id
    chosen = {"default_payment_method": method}
    api.customers.update(customer, {"invoice_settings": chosen})


def upgrade(shop, subscription, **params):
    order = {
        "items": [
            {
                "id": subscription["items"].data[0].id,
                "price": shop.price(6200, "Platinum"),
            }
        ],
        "proration_behavior": "always_invoice",
        "payment_behavior": "pending_if_incomplete",
        "expand": ["latest_invoice"],
        **params,
    }
    return shop.api.subscriptions.update(subscription.id, order)


def price_of(subscription):
    return subscription["items"].data[0].price.unit_amount


def test_a_change_that_is_not_paid_waits(shop, subscription):
    changed = upgrade(shop, subscription)

    pending = changed.pending_update
    assert price_of(changed) == 3100
    assert pending.subscription_items[0].price.unit_amount == 6200
    assert pending.expires_at == MIDDLE + 23 * HOUR
    invoice = changed.latest_invoice
    assert (invoice.status, invoice.amount_due) == ("open", 1550)
    assert (changed.status, invoice.next_payment_attempt) == ("active", None)
    assert shop.last_event(UPDATED).data.previous_attributes["pending_update"] is None


def test_paying_its_invoice_applies_it(shop, subscription):
    changed = upgrade(shop, subscription)
    use_card(shop.api, subscription.customer, "pm_card_visa")

    shop.api.invoices.pay(changed.latest_invoice.id)

    now = shop.subscription(subscription.id)
    assert (price_of(now), now.pending_update) == (6200, None)
    assert shop.events("subscription")[-2:] == [UPDATED, APPLIED]
    assert shop.last_event(APPLIED).data.object["pending_update"] is None
    shop.travel(moment(2026, 4, 1) + HOUR)
    assert shop.invoices()[0].amount_paid == 6200


def test_what_is_paid_at_once_never_waits(shop, subscription):
    use_card(shop.api, subscription.customer, "pm_card_visa")

    changed = upgrade(shop, subscription)

    assert (price_of(changed), changed.pending_update) == (6200, None)
    assert changed.latest_invoice.status == "paid"
    assert APPLIED not in shop.events("subscription")


def test_a_bank_may_ask_first(shop, subscription):
    use_card(shop.api, subscription.customer, "pm_card_authenticationRequired")
    changed = upgrade(shop, subscription)
    payments = shop.api.invoice_payments.list({"invoice": changed.latest_invoice.id})

    shop.authenticate(payments.data[0].payment.payment_intent)

    assert changed.pending_update is not None
    assert price_of(shop.subscription(subscription.id)) == 6200


def test_nobody_pays_in_time(shop, subscription):
    changed = upgrade(shop, subscription)

    shop.wait(hours=23)

    now = shop.subscription(subscription.id)
    assert (price_of(now), now.pending_update) == (3100, None)
    assert shop.api.invoices.retrieve(changed.latest_invoice.id).status == "void"
    assert shop.events("subscription")[-2:] == [UPDATED, EXPIRED]


def test_it_does_not_outlive_the_period(shop, subscription):
    shop.travel(moment(2026, 3, 31, 12))

    changed = upgrade(shop, subscription)
    shop.wait(days=1)

    assert changed.pending_update.expires_at == moment(2026, 4, 1)
    assert shop.subscription(subscription.id).pending_update is None
    assert shop.invoices()[0].billing_reason == "subscription_cycle"
    assert shop.invoices()[0].subtotal == 3100


def test_a_newer_update_replaces_it(shop, subscription):
    first = upgrade(shop, subscription)

    second = upgrade(shop, subscription)

    assert shop.api.invoices.retrieve(first.latest_invoice.id).status == "void"
    assert second.latest_invoice.id != first.latest_invoice.id
    assert second.pending_update is not None
    assert shop.events("subscription").count(EXPIRED) == 1


@pytest.mark.parametrize("ends", ["void", "cancel", "pause"])
def test_it_can_be_called_off(api, shop, subscription, ends):
    changed = upgrade(shop, subscription)
    invoice = changed.latest_invoice.id

    match ends:
        case "void":
            api.invoices.void_invoice(invoice)
        case "cancel":
            api.subscriptions.cancel(subscription.id)
        case "pause":
            no = {"type": "none"}
            what = {"unused_time_from": no, "outstanding_usage_through": no}
            order = {"invoicing_behavior": "invoice", "bill_for": what}
            api.subscriptions.pause(subscription.id, {"type": "subscription", **order})

    assert shop.subscription(subscription.id).pending_update is None
    assert api.invoices.retrieve(invoice).status == "void"
    assert shop.events("subscription").count(EXPIRED) == 1


def test_other_changes_leave_it_alone(api, shop, subscription):
    upgrade(shop, subscription)

    noted = api.subscriptions.update(subscription.id, {"metadata": {"seen": "yes"}})

    assert noted.pending_update is not None
    assert noted.metadata["seen"] == "yes"


def test_only_some_things_can_wait(shop, subscription):
    with pytest.raises(stripe.InvalidRequestError, match="cannot be updated") as error:
        upgrade(shop, subscription, description="Later")

    assert error.value.param == "description"


def test_a_bill_that_is_sent_is_not_waited_for(api, shop):
    terms = {"collection_method": "send_invoice", "days_until_due": 7}
    subscription = shop.subscribe(card=None, **terms)

    with pytest.raises(stripe.InvalidRequestError, match="charge_automatically"):
        upgrade(shop, subscription)


def test_what_costs_nothing_now_is_done_at_once(shop, subscription):
    changed = upgrade(shop, subscription, proration_behavior="create_prorations")

    assert (price_of(changed), changed.pending_update) == (6200, None)


def test_a_discount_begins_with_the_change(api, shop, subscription):
    coupon = api.coupons.create(
        {"percent_off": 25, "duration": "forever", "max_redemptions": 1}
    )
    given = {"discounts": [{"coupon": coupon.id}], "metadata": {"deal": "spring"}}
    waiting = upgrade(shop, subscription, **given)
    unsaid = "customer.discount.created" not in shop.events("discount")
    shop.wait(hours=24)

    changed = upgrade(shop, subscription, **given)
    use_card(api, subscription.customer, "pm_card_visa")
    api.invoices.pay(changed.latest_invoice.id)

    now = shop.subscription(subscription.id)
    assert unsaid
    assert waiting.discounts == []
    assert waiting.pending_update.discount.source.coupon == coupon.id
    assert now.discounts == changed.pending_update.discounts
    assert now.metadata["deal"] == "spring"
    assert api.coupons.retrieve(coupon.id).times_redeemed == 1
    assert shop.events("discount") == ["customer.discount.created"]


def test_what_was_owed_before_stays_owed(api, shop, subscription):
    item = subscription["items"].data[0].id
    api.subscriptions.update(subscription.id, {"items": [{"id": item, "quantity": 2}]})
    before = len(api.invoice_items.list({"pending": True}).data)

    upgrade(shop, subscription, billing_cycle_anchor={"type": "now"})
    taken = len(api.invoice_items.list({"pending": True}).data)
    shop.wait(hours=23)

    assert (before, taken) == (2, 0)
    assert len(api.invoice_items.list({"pending": True}).data) == 2


def test_a_single_item_waits_too(api, shop, subscription):
    order = {
        "subscription": subscription.id,
        "price": shop.price(700, "Extra"),
        "proration_behavior": "always_invoice",
        "payment_behavior": "pending_if_incomplete",
    }

    item = api.subscription_items.create(order)

    now = shop.subscription(subscription.id)
    assert len(now["items"].data) == 1
    assert now.pending_update.subscription_items[1].id == item.id


def test_a_trial_that_should_end_goes_on_until_it_is_paid(api, shop):
    subscription = shop.subscribe(trial_period_days=14)
    use_card(api, subscription.customer, REFUSED)
    order = {"trial_end": "now", "payment_behavior": "pending_if_incomplete"}

    waiting = api.subscriptions.update(subscription.id, order)
    use_card(api, subscription.customer, "pm_card_visa")
    api.invoices.pay(waiting.latest_invoice)

    assert waiting.status == "trialing"
    assert waiting.pending_update.trial_end == shop.world.now
    assert shop.subscription(subscription.id).status == "active"


def test_a_change_to_be_confirmed_is_owed_until_then(api, shop, subscription):
    changed = upgrade(shop, subscription, payment_behavior="default_incomplete")

    use_card(api, subscription.customer, "pm_card_visa")
    api.invoices.pay(changed.latest_invoice.id)

    assert (price_of(changed), changed.status) == (6200, "past_due")
    assert changed.latest_invoice.attempted is False
    assert shop.subscription(subscription.id).status == "active"


def test_a_change_that_must_be_paid_is_undone(shop, subscription):
    with pytest.raises(stripe.CardError):
        upgrade(shop, subscription, payment_behavior="error_if_incomplete")

    assert price_of(shop.subscription(subscription.id)) == 3100
    assert len(shop.invoices()) == 1


def test_a_change_that_may_be_owed_is_made_and_asked_for_again(shop, subscription):
    changed = upgrade(shop, subscription, payment_behavior="allow_incomplete")

    assert (price_of(changed), changed.status) == (6200, "past_due")
    assert changed.latest_invoice.next_payment_attempt is not None
