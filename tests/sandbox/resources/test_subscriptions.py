from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import DAY, moment


def test_a_subscription_is_active_once_its_first_invoice_is_paid(api, shop):
    subscription = shop.subscribe(expand=["latest_invoice"])

    item = subscription["items"].data[0]
    assert subscription.status == "active"
    assert subscription.billing_mode.type == "flexible"
    assert subscription.latest_invoice.status == "paid"
    assert item.current_period_end == moment(2026, 4, 1)
    assert item.plan.id == item.price.id


def test_a_paid_start_tells_its_story_in_order(shop):
    shop.subscribe()

    assert shop.events()[-12:] == [
        "customer.subscription.created",
        "invoice.created",
        "customer.updated",
        "invoice.finalized",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "invoice.updated",
        "invoice_payment.paid",
        "invoice.paid",
        "invoice.payment_succeeded",
        "customer.subscription.updated",
    ]


def test_the_last_event_of_a_subscription_is_what_is_served(api, shop):
    subscription = shop.subscribe()

    event = shop.last_event("customer.subscription.updated")

    assert event.data.previous_attributes.to_dict() == {"status": "incomplete"}
    served = api.subscriptions.retrieve(subscription.id)
    assert event.data.object.to_dict(for_json=True) == served.to_dict(for_json=True)


def test_a_decline_leaves_the_subscription_incomplete(shop):
    subscription = shop.subscribe("pm_card_chargeCustomerFail")

    invoice = shop.invoices()[0]
    assert subscription.status == "incomplete"
    assert (invoice.status, invoice.attempt_count) == ("open", 1)
    assert "invoice.payment_failed" in shop.events("invoice")


def test_a_decline_leaves_nothing_when_the_request_says_so(api, shop):
    customer = shop.customer("pm_card_chargeCustomerFail")

    with pytest.raises(stripe.CardError, match="Your card was declined"):
        shop.subscribe(customer=customer, payment_behavior="error_if_incomplete")

    assert api.subscriptions.list({"customer": customer, "status": "all"}).data == []
    assert "customer.subscription.created" not in shop.events()


def test_default_incomplete_waits_for_the_browser_to_pay(api, shop):
    subscription = shop.subscribe(
        payment_behavior="default_incomplete",
        expand=["latest_invoice.confirmation_secret"],
    )
    secret = subscription.latest_invoice.confirmation_secret.client_secret
    intent = secret.split("_secret_")[0]

    api.payment_intents.confirm(intent, {"payment_method": "pm_card_visa"})

    assert subscription.status == "incomplete"
    assert shop.subscription(subscription.id).status == "active"


def test_nobody_subscribes_without_a_card(shop):
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source"):
        shop.subscribe(card=None)


def test_a_free_price_needs_no_card(shop):
    subscription = shop.subscribe(card=None, items=[{"price": shop.price(0)}])

    assert subscription.status == "active"
    assert shop.invoices()[0].status == "paid"


def test_a_trial_begins_with_an_invoice_over_nothing(shop):
    subscription = shop.subscribe(card=None, trial_period_days=14)

    invoice = shop.invoices()[0]
    assert subscription.status == "trialing"
    assert subscription.trial_end == moment(2026, 3, 15)
    assert (invoice.total, invoice.status) == (0, "paid")
    assert invoice.lines.data[0].description == "Trial period for Gold"


def test_the_price_is_charged_in_the_currency_asked_for(shop):
    price = shop.price(currency_options={"gbp": {"unit_amount": 1000}})

    subscription = shop.subscribe(items=[{"price": price}], currency="gbp")

    assert subscription.currency == "gbp"
    assert shop.invoices()[0].total == 1000


def test_a_customer_pays_in_one_currency_only(shop):
    first = shop.subscribe()

    with pytest.raises(stripe.InvalidRequestError, match="combine currencies"):
        shop.subscribe(
            customer=first.customer, items=[{"price": shop.price(currency="gbp")}]
        )


@pytest.mark.parametrize(
    ("item", "message", "param"),
    [
        pytest.param(
            {"price": "price_none"}, "No such price", "items[0][price]", id="404"
        ),
        pytest.param({"quantity": 1}, "Missing", "items[0][price]", id="missing"),
    ],
)
def test_an_item_needs_a_price_that_exists(shop, item, message, param):
    with pytest.raises(stripe.InvalidRequestError, match=message) as refused:
        shop.subscribe(items=[item])

    assert (refused.value.http_status, refused.value.param) == (400, param)


def test_a_retired_or_one_time_price_cannot_be_subscribed_to(api, shop):
    retired = shop.price()
    api.prices.update(retired, {"active": False})
    once = api.prices.create(
        {"currency": "eur", "unit_amount": 5, "product_data": {"name": "Mug"}}
    )

    with pytest.raises(stripe.InvalidRequestError, match="inactive"):
        shop.subscribe(items=[{"price": retired}])
    with pytest.raises(stripe.InvalidRequestError, match="type=recurring"):
        shop.subscribe(items=[{"price": once.id}])


def test_canceled_subscriptions_are_listed_only_when_asked_for(api, shop):
    kept, gone = shop.subscribe(), shop.subscribe()
    api.subscriptions.cancel(gone.id)

    def listed(**params: str) -> set[str]:
        return {it.id for it in api.subscriptions.list(params).data}

    assert listed() == {kept.id}
    assert listed(status="all") == {kept.id, gone.id}
    assert listed(status="ended") == {gone.id}
    assert listed(status="active", customer=kept.customer) == {kept.id}


def test_cancelling_at_the_period_end_and_taking_it_back(api, shop):
    subscription = shop.subscribe()

    ending = api.subscriptions.update(
        subscription.id,
        {
            "cancel_at_period_end": True,
            "cancellation_details": {"feedback": "too_expensive", "comment": "Sorry"},
        },
    )
    kept = api.subscriptions.update(subscription.id, {"cancel_at_period_end": False})

    assert ending.status == "active"
    assert ending.cancel_at == moment(2026, 4, 1)
    assert ending.cancellation_details.reason == "cancellation_requested"
    assert ending.cancellation_details.feedback == "too_expensive"
    assert (kept.cancel_at, kept.canceled_at) == (None, None)
    assert kept.cancellation_details.feedback is None


def test_a_moment_to_cancel_at_can_be_set_and_unset(api, shop):
    subscription = shop.subscribe()
    at = moment(2026, 4, 1)

    named = api.subscriptions.update(subscription.id, {"cancel_at": "min_period_end"})
    unset = api.subscriptions.update(subscription.id, {"cancel_at": ""})

    assert (named.cancel_at, named.cancel_at_period_end) == (at, False)
    assert unset.cancel_at is None


def test_cancelling_now_ends_it_for_good(api, shop):
    subscription = shop.subscribe()

    canceled = api.subscriptions.cancel(
        subscription.id, {"cancellation_details": {"feedback": "unused"}}
    )

    assert (canceled.status, canceled.ended_at) == ("canceled", shop.world.now)
    assert shop.events("subscription")[-1] == "customer.subscription.deleted"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.subscriptions.cancel(subscription.id)
    assert refused.value.http_status == 404


def test_a_canceled_subscription_only_takes_notes(api, shop):
    subscription = shop.subscribe()
    api.subscriptions.cancel(subscription.id)

    noted = api.subscriptions.update(subscription.id, {"metadata": {"asked": "why"}})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.subscriptions.update(subscription.id, {"cancel_at_period_end": True})

    assert noted.metadata.to_dict() == {"asked": "why"}
    assert refused.value.code == "invalid_canceled_subscription_fields"


def test_cancelling_before_the_first_payment_leaves_nothing_owed(api, shop):
    subscription = shop.subscribe("pm_card_chargeCustomerFail")

    canceled = api.subscriptions.cancel(subscription.id)

    assert canceled.status == "incomplete_expired"
    assert shop.invoices()[0].status == "void"


def test_an_upgrade_invoiced_now_charges_the_rest_of_the_period(api, shop):
    subscription = shop.subscribe(items=[{"price": shop.price(3100)}])
    item = subscription["items"].data[0]
    shop.travel(moment(2026, 3, 11))

    changed = api.subscriptions.update(
        subscription.id,
        {
            "items": [{"id": item.id, "price": shop.price(6200, "Platinum")}],
            "proration_behavior": "always_invoice",
            "expand": ["latest_invoice"],
        },
    )

    lines = [line.amount for line in changed.latest_invoice.lines.data]
    assert sorted(lines) == [-2100, 4200]
    assert changed.latest_invoice.amount_paid == 2100
    assert changed.latest_invoice.billing_reason == "subscription_update"
    assert changed["items"].data[0].current_period_end == moment(2026, 4, 1)


def test_a_prorated_change_is_billed_with_the_next_renewal(api, shop):
    subscription = shop.subscribe(items=[{"price": shop.price(3100)}])
    item = subscription["items"].data[0]
    shop.travel(moment(2026, 3, 11))

    api.subscriptions.update(
        subscription.id, {"items": [{"id": item.id, "quantity": 2}]}
    )
    shop.travel(moment(2026, 4, 1, 2))

    renewal = shop.invoices()[0]
    assert [line.amount for line in renewal.lines.data] == [-2100, 4200, 6200]
    assert (renewal.total, renewal.status) == (8300, "paid")


def test_a_downgrade_leaves_a_credit_for_later(api, shop):
    subscription = shop.subscribe(items=[{"price": shop.price(6200)}])
    item = subscription["items"].data[0]
    shop.travel(moment(2026, 3, 11))

    api.subscriptions.update(
        subscription.id,
        {
            "items": [{"id": item.id, "price": shop.price(3100, "Silver")}],
            "proration_behavior": "always_invoice",
        },
    )

    assert api.customers.retrieve(subscription.customer).balance == -2100
    shop.travel(moment(2026, 4, 1, 2))
    renewal = shop.invoices()[0]
    assert (renewal.total, renewal.amount_due) == (3100, 1000)


def test_a_change_without_proration_costs_nothing_now(api, shop):
    subscription = shop.subscribe()
    item = subscription["items"].data[0]

    changed = api.subscriptions.update(
        subscription.id,
        {"items": [{"id": item.id, "quantity": 3}], "proration_behavior": "none"},
    )

    assert changed["items"].data[0].quantity == 3
    assert len(shop.invoices()) == 1


def test_items_are_listed_and_found(api, shop):
    subscription = shop.subscribe()
    item = subscription["items"].data[0]

    listed = api.subscription_items.list({"subscription": subscription.id})

    assert [it.id for it in listed.data] == [item.id]
    assert api.subscription_items.retrieve(item.id).price.id == item.price.id


def test_the_default_card_of_a_subscription_must_be_its_customers(api, shop):
    subscription = shop.subscribe()
    foreign = api.payment_methods.list({"customer": shop.customer()}).data[0].id

    with pytest.raises(stripe.InvalidRequestError, match="must be attached"):
        api.subscriptions.update(subscription.id, {"default_payment_method": foreign})


def test_ending_a_trial_now_bills_at_once(api, shop):
    subscription = shop.subscribe(trial_period_days=14)
    shop.wait(days=2)

    ended = api.subscriptions.update(subscription.id, {"trial_end": "now"})

    assert ended.status == "active"
    assert shop.invoices()[0].amount_paid == 1200
    assert ended["items"].data[0].current_period_start == moment(2026, 3, 1) + 2 * DAY


def test_cancelling_now_can_give_back_what_was_not_used(api, shop):
    subscription = shop.subscribe(items=[{"price": shop.price(3100)}])
    shop.travel(moment(2026, 3, 11))

    canceled = api.subscriptions.cancel(
        subscription.id, {"prorate": True, "invoice_now": True}
    )

    assert canceled.status == "canceled"
    assert shop.invoices()[0].total == -2100
    assert api.customers.retrieve(subscription.customer).balance == -2100


def test_items_show_their_price_as_it_is_now(api, shop):
    subscription = shop.subscribe()
    price = subscription["items"].data[0].price.id

    api.prices.update(price, {"nickname": "Old gold", "active": False})

    item = shop.subscription(subscription.id)["items"].data[0]
    assert (item.price.nickname, item.plan.nickname) == ("Old gold", "Old gold")


def test_a_card_given_in_the_browser_is_kept_for_the_next_time(api, shop):
    subscription = shop.subscribe(card=None, payment_behavior="default_incomplete")
    intent = api.payment_intents.list({"customer": subscription.customer}).data[0]

    api.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})

    kept = api.payment_methods.list({"customer": subscription.customer}).data
    assert len(kept) == 1


def test_an_item_can_be_changed_and_removed_by_its_own_id(api, shop):
    extra = shop.price(500, "Extra")
    subscription = shop.subscribe(items=[{"price": shop.price()}, {"price": extra}])
    first, second = (item.id for item in subscription["items"].data)

    changed = api.subscription_items.update(first, {"quantity": 2})
    removed = api.subscription_items.delete(second, {"proration_behavior": "none"})

    assert (changed.quantity, removed.deleted) == (2, True)
    left = shop.subscription(subscription.id)["items"].data
    assert [(item.id, item.quantity) for item in left] == [(first, 2)]


def test_the_last_item_cannot_be_removed(api, shop):
    subscription = shop.subscribe()

    with pytest.raises(stripe.InvalidRequestError, match="at least one active plan"):
        api.subscription_items.delete(subscription["items"].data[0].id)


def test_an_end_that_was_planned_keeps_its_marks(api, shop):
    planned, sudden = shop.subscribe(), shop.subscribe()
    for subscription in (planned, sudden):
        api.subscriptions.update(subscription.id, {"cancel_at_period_end": True})

    shop.wait(days=1)
    canceled = api.subscriptions.cancel(sudden.id)
    shop.wait(days=31)

    ended = shop.subscription(planned.id)
    assert (ended.cancel_at_period_end, ended.cancel_at) == (True, ended.ended_at)
    assert (canceled.cancel_at_period_end, canceled.cancel_at) == (False, None)
