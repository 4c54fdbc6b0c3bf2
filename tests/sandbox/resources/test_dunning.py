from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import DAY, HOUR, moment
from wagtail_billing_portal.sandbox.billing import dunning

APRIL, MAY = moment(2026, 4, 1), moment(2026, 5, 1)


def use_card(api, customer, card):
    method = api.payment_methods.attach(card, {"customer": customer}).id
    chosen = {"default_payment_method": method}
    api.customers.update(customer, {"invoice_settings": chosen})


def pause(api, subscription, behavior, **more):
    order = {"pause_collection": {"behavior": behavior, **more}}
    return api.subscriptions.update(subscription.id, order)


@pytest.mark.parametrize(
    ("behavior", "status"),
    [
        ("void", "void"),
        ("mark_uncollectible", "uncollectible"),
        ("keep_as_draft", "draft"),
    ],
)
def test_nothing_is_collected_while_collection_is_paused(api, shop, behavior, status):
    subscription = shop.subscribe()
    pause(api, subscription, behavior)

    shop.travel(APRIL + 2 * DAY)

    assert shop.invoices()[0].status == status
    assert shop.invoices()[0].attempted is False
    assert shop.subscription(subscription.id).status == "active"


def test_collection_goes_on_by_itself(api, shop):
    subscription = shop.subscribe()
    paused = pause(api, subscription, "void", resumes_at=APRIL + DAY)

    shop.travel(MAY + HOUR)

    assert paused.pause_collection.resumes_at == APRIL + DAY
    assert shop.subscription(subscription.id).pause_collection is None
    assert [it.status for it in shop.invoices()] == ["paid", "void", "paid"]
    with pytest.raises(stripe.InvalidRequestError, match="in the future"):
        pause(api, subscription, "void", resumes_at=APRIL)


def test_collection_can_be_taken_up_again_by_hand(api, shop):
    subscription = shop.subscribe()
    pause(api, subscription, "void")

    resumed = api.subscriptions.update(subscription.id, {"pause_collection": ""})
    shop.travel(APRIL + HOUR)

    assert resumed.pause_collection is None
    assert shop.invoices()[0].status == "paid"


def test_the_last_failed_retry_can_pause_the_subscription(api, shop):
    dunning.configure(shop.world, final_action="pause", retry_after_days=(1,))
    subscription = shop.subscribe()
    use_card(api, subscription.customer, "pm_card_chargeCustomerFail")

    shop.travel(MAY + 3 * DAY)

    paused = shop.subscription(subscription.id)
    reason = paused.status_details.paused.subscription.type
    assert (paused.status, reason) == ("paused", "final_payment_failure")
    assert len(shop.invoices()) == 2
    assert "customer.subscription.paused" in shop.events("subscription")


def test_a_bank_that_wants_to_ask_is_not_tried_again_with_the_same_card(api, shop):
    subscription = shop.subscribe()
    use_card(api, subscription.customer, "pm_card_authenticationRequired")

    shop.travel(APRIL + 4 * DAY)
    ticked = shop.invoices()[0]
    asked = shop.events("invoice").count("invoice.payment_action_required")
    use_card(api, subscription.customer, "pm_card_visa")
    waiting = shop.invoices()[0].status
    shop.wait(days=5)

    assert (ticked.attempt_count, asked) == (2, 1)
    assert ticked.next_payment_attempt == APRIL + HOUR + 8 * DAY
    assert waiting == "open"
    assert shop.invoices()[0].status == "paid"


def test_bills_of_an_unpaid_subscription_are_not_attempted(api, shop):
    dunning.configure(shop.world, final_action="unpaid", retry_after_days=())
    subscription = shop.subscribe()
    use_card(api, subscription.customer, "pm_card_chargeCustomerFail")

    shop.travel(MAY + 3 * DAY)

    newest = shop.invoices()[0]
    assert shop.subscription(subscription.id).status == "unpaid"
    assert (newest.status, newest.attempted) == ("draft", False)
    assert newest.auto_advance is False


def test_a_renewal_is_told_of_a_week_before(shop):
    subscription = shop.subscribe()

    shop.travel(APRIL - 7 * DAY)

    event = shop.last_event("invoice.upcoming")
    told = event.data.object
    assert event.created == APRIL - 7 * DAY
    assert (told.amount_due, told.billing_reason) == (1200, "upcoming")
    assert told.parent.subscription_details.subscription == subscription.id
    assert len(shop.invoices()) == 1
    shop.travel(MAY)
    assert shop.events("invoice").count("invoice.upcoming") == 2


def test_nobody_is_told_of_a_renewal_that_will_not_come(api, shop):
    subscription = shop.subscribe()
    api.subscriptions.update(subscription.id, {"cancel_at_period_end": True})

    shop.travel(MAY)

    assert "invoice.upcoming" not in shop.events("invoice")


def test_how_early_is_set_by_the_seller(shop):
    dunning.configure(shop.world, upcoming_days=3)
    shop.subscribe()
    shop.travel(APRIL - 4 * DAY)
    early = shop.events("invoice")

    shop.travel(APRIL - 3 * DAY)

    assert "invoice.upcoming" not in early
    assert shop.events("invoice")[-1] == "invoice.upcoming"


def test_a_bill_that_was_sent_is_reminded_of_before_it_is_late(shop):
    shop.subscribe(card=None, collection_method="send_invoice", days_until_due=7)

    shop.wait(hours=1, days=8)

    assert shop.events("invoice")[-2:] == ["invoice.will_be_due", "invoice.overdue"]


def test_what_cannot_rest_ends_instead(api, shop):
    dunning.configure(shop.world, final_action="pause", retry_after_days=())
    subscription = shop.subscribe(billing_mode={"type": "classic"})
    use_card(api, subscription.customer, "pm_card_chargeCustomerFail")

    shop.travel(APRIL + DAY)

    ended = shop.subscription(subscription.id)
    assert ended.status == "canceled"
    assert ended.cancellation_details.reason == "payment_failed"
