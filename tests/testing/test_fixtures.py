"""What a site's own tests are given, used as a site would."""

from __future__ import annotations

from tests.tools.shop import account_of_user
from wagtail_billing_portal.models import Price, Subscription
from wagtail_billing_portal.sandbox.billing.outcomes import Completed, Declined
from wagtail_billing_portal.testing import ASKS_THE_BANK


def checkout(stripe_side, customer: str, price: str) -> str:
    """The address of a Checkout page that sells a price to a customer."""
    session = stripe_side.client.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "customer": customer,
            "line_items": [{"price": price, "quantity": 1}],
            "success_url": "https://example.com/",
        }
    )
    return str(session.url)


def test_the_seeded_world_is_mirrored(shop):
    names = {it.product.name for it in Price.objects.select_related("product")}

    assert names == {"Reader", "Supporter", "Bakery team"}
    assert Price.objects.get(pk=shop.supporter_yearly).unit_amount == 12000


def test_the_seeded_code_can_be_redeemed(stripe_side, shop, customer):
    code = {"promotion_code": shop.promotion_code}

    id = stripe_side.subscribe(customer, shop.supporter, discounts=[code])

    (invoice,) = stripe_side.client.v1.invoices.list({"subscription": id}).data
    assert invoice.total == 900


def test_the_member_has_a_subscription(member, subscription):
    assert account_of_user(member).is_subscribed
    assert subscription.status == "active"


def test_a_declined_card_sells_nothing(stripe_side, shop, customer):
    outcome = stripe_side.decline(checkout(stripe_side, customer, shop.reader))

    stripe_side.deliver_all()

    assert isinstance(outcome, Declined)
    assert not Subscription.objects.exists()


def test_a_bank_that_is_satisfied_sells(stripe_side, shop, customer):
    asked = stripe_side.pay(
        checkout(stripe_side, customer, shop.reader), card=ASKS_THE_BANK
    )

    outcome = stripe_side.answer_the_bank(asked, succeed=True)

    assert isinstance(outcome, Completed)


def test_who_stops_paying_falls_behind_and_settles(stripe_side, customer, subscription):
    stripe_side.stop_paying(customer)
    stripe_side.advance(days=32)
    stripe_side.deliver_all()
    subscription.refresh_from_db()
    behind = subscription.status

    stripe_side.settle(customer)
    stripe_side.deliver_all()

    subscription.refresh_from_db()
    assert (behind, subscription.status) == ("past_due", "active")


def test_a_card_that_a_checkout_kept_stops_paying_as_well(stripe_side, shop, customer):
    stripe_side.pay(checkout(stripe_side, customer, shop.reader))
    stripe_side.stop_paying(customer)

    stripe_side.advance(days=32)

    stripe_side.deliver_all()
    assert Subscription.objects.get().status == "past_due"


def test_what_staff_cancels_has_ended(stripe_side, subscription):
    stripe_side.cancel(subscription.pk)

    stripe_side.deliver_all()

    subscription.refresh_from_db()
    assert subscription.has_ended
