from __future__ import annotations

import pytest
import stripe


def paid_charge(api, shop, card="pm_card_visa") -> stripe.Charge:
    customer = shop.customer(card)
    shop.subscribe(customer=customer)
    return api.charges.list({"customer": customer}).data[0]


def test_a_charge_is_given_back_in_parts(api, shop):
    charge = paid_charge(api, shop)

    first = api.refunds.create({"charge": charge.id, "amount": 500})
    rest = api.refunds.create({"payment_intent": charge.payment_intent})

    charge = api.charges.retrieve(charge.id, {"expand": ["refunds"]})
    assert (first.amount, rest.amount) == (500, 700)
    assert (charge.amount_refunded, charge.refunded) == (1200, True)
    assert [refund.id for refund in charge.refunds.data] == [rest.id, first.id]
    assert shop.events("refund") == ["refund.created", "refund.created"]
    assert shop.events("charge") == [
        "charge.succeeded",
        "charge.refunded",
        "charge.refunded",
    ]


def test_no_more_is_given_back_than_was_taken(api, shop):
    charge = paid_charge(api, shop)

    with pytest.raises(stripe.InvalidRequestError, match=r"\(€12.01\) is greater"):
        api.refunds.create({"charge": charge.id, "amount": 1201})
    api.refunds.create({"charge": charge.id})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.refunds.create({"charge": charge.id})

    assert refused.value.code == "charge_already_refunded"


def test_what_was_never_paid_cannot_be_given_back(api, shop):
    shop.subscribe("pm_card_chargeCustomerFail")
    intent = api.payment_intents.list().data[0]

    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful"):
        api.refunds.create({"payment_intent": intent.id})
    with pytest.raises(stripe.InvalidRequestError, match="payment_intent or charge"):
        api.refunds.create({"amount": 5})


def test_a_refund_that_takes_its_time_arrives_later(api, shop):
    charge = paid_charge(api, shop, "pm_card_pendingRefund")
    refund = api.refunds.create({"charge": charge.id})

    shop.wait(days=1)

    assert refund.status == "pending"
    assert api.refunds.retrieve(refund.id).status == "succeeded"
    previous = shop.last_event("refund.updated").data.previous_attributes
    assert previous["status"] == "pending"


def test_a_refund_that_the_bank_sends_back_is_owed_again(api, shop):
    charge = paid_charge(api, shop, "pm_card_refundFail")
    refund = api.refunds.create({"charge": charge.id})

    shop.wait(days=1)

    failed = api.refunds.retrieve(refund.id)
    charge = api.charges.retrieve(charge.id)
    assert (refund.status, failed.status) == ("succeeded", "failed")
    assert failed.failure_reason == "expired_or_canceled_card"
    assert (charge.amount_refunded, charge.refunded) == (0, False)
    assert shop.last_event("refund.failed").data.object.id == refund.id
    assert sum(it.net for it in api.balance_transactions.list().data) == 1135


def test_only_what_is_noted_on_a_refund_changes(api, shop):
    charge = paid_charge(api, shop)
    refund = api.refunds.create({"charge": charge.id, "reason": "duplicate"})

    changed = api.refunds.update(refund.id, {"metadata": {"order": "7"}})

    assert changed.metadata["order"] == "7"
    assert api.refunds.list({"charge": charge.id}).data[0].reason == "duplicate"
    assert shop.events("refund")[-2:] == ["refund.updated", "charge.refund.updated"]
    with pytest.raises(stripe.InvalidRequestError, match="cannot be canceled"):
        api.refunds.cancel(refund.id)
