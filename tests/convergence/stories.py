"""What happens to customers at Stripe and on the site."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from wagtail.models import Site

from wagtail_billing_portal.accounts import account_for
from wagtail_billing_portal.actions.subscriptions import (
    cancel_at_period_end,
    undo_cancel,
)
from wagtail_billing_portal.exceptions import BillingError
from wagtail_billing_portal.gateway import Params, answer_of, new_key
from wagtail_billing_portal.mirror.ingest import ingest
from wagtail_billing_portal.models import (
    CustomerAccess,
    Subscription,
)
from wagtail_billing_portal.sandbox import clock
from wagtail_billing_portal.testing import StripeSide

NEW_YEAR = 1_767_225_600
GOOD_CARD, BAD_CARD = "pm_card_visa", "pm_card_chargeCustomerFail"


class Story:
    """Two customers, what happens to them, and a member who is one of them."""

    def __init__(self, stripe_side: StripeSide, member: AbstractBaseUser) -> None:
        self.stripe = stripe_side
        if not clock.is_frozen(stripe_side.world.account):
            stripe_side.stop_clock(NEW_YEAR)
        self.prices = [stripe_side.a_price(500), stripe_side.a_price(1200)]
        self.customers = [stripe_side.a_customer(email=f"{n}@x.test") for n in "ab"]
        self.member = member
        answer = answer_of(stripe_side.client.v1.customers.retrieve(self.customers[0]))
        ingest(answer.data, account="default", as_of=answer.as_of)
        CustomerAccess.objects.create(
            user_id=member.pk,
            customer_id=self.customers[0],
            stripe_account="default",
            is_own=True,
        )

    def rename(self, n: int) -> None:
        customer = self.customers[n % 2]
        self.stripe.client.v1.customers.update(customer, {"name": f"Name {n % 3}"})

    def change_card(self, n: int) -> None:
        card = BAD_CARD if n % 3 == 0 else GOOD_CARD
        self.stripe.give_card(self.customers[n % 2], card)

    def subscribe(self, n: int) -> None:
        self.stripe.subscribe(self.customers[n % 2], self.prices[n % 2])

    def staff_cancels(self, n: int) -> None:
        v1 = self.stripe.client.v1
        for subscription in self._running()[:1]:
            if n % 3 == 0:
                v1.subscriptions.cancel(subscription)
            else:
                flag = n % 3 == 1
                v1.subscriptions.update(subscription, {"cancel_at_period_end": flag})

    def member_cancels(self, n: int) -> None:
        self._member_acts(cancel_at_period_end)

    def member_goes_on(self, n: int) -> None:
        self._member_acts(undo_cancel)

    def staff_settles_an_invoice(self, n: int) -> None:
        v1 = self.stripe.client.v1
        for invoice in v1.invoices.list({"status": "open", "limit": 1}).data:
            if n % 2:
                v1.invoices.void_invoice(invoice.id)
            else:
                v1.invoices.pay(invoice.id, {"payment_method": "pm_card_visa"})

    def give_a_discount(self, n: int) -> None:
        v1 = self.stripe.client.v1
        code = self._promotion_code(n)
        for subscription in self._running()[:1]:
            wanted: Params = {"discounts": [{"promotion_code": code}] if n % 3 else ""}
            v1.subscriptions.update(subscription, wanted)

    def plan_a_change(self, n: int) -> None:
        v1 = self.stripe.client.v1
        for subscription in self._running()[:1]:
            schedule = v1.subscriptions.retrieve(subscription).schedule
            if schedule is None:
                v1.subscription_schedules.create({"from_subscription": subscription})
            else:
                v1.subscription_schedules.release(str(schedule))

    def give_money_back(self, n: int) -> None:
        v1 = self.stripe.client.v1
        for invoice in v1.invoices.list({"status": "paid", "limit": 1}).data:
            if invoice.amount_paid > 300:
                wanted: Params = {"invoice": invoice.id, "amount": 100}
                how = "refund_amount" if n % 2 else "credit_amount"
                v1.credit_notes.create({**wanted, how: 100})

    def give_a_tax_id(self, n: int) -> None:
        v1, customer = self.stripe.client.v1, self.customers[n % 2]
        numbers = v1.customers.tax_ids.list(customer).data
        if len(numbers) > 1:
            v1.customers.tax_ids.delete(customer, numbers[0].id)
        else:
            number: Params = {"type": "eu_vat", "value": f"DE12345678{n % 10}"}
            v1.customers.tax_ids.create(customer, number)

    def open_a_feature(self, n: int) -> None:
        v1 = self.stripe.client.v1
        key = f"feature-{len(v1.entitlements.features.list({'limit': 100}).data)}"
        feature = v1.entitlements.features.create(
            {"name": "Archive", "lookup_key": key}
        )
        product = str(v1.prices.retrieve(self.prices[n % 2]).product)
        v1.products.features.create(product, {"entitlement_feature": feature.id})
        # It opens to a customer when something happens to a subscription.
        self.subscribe(n)

    def customer_is_deleted(self, n: int) -> None:
        # Another one comes in their place; the member stays.
        self.stripe.client.v1.customers.delete(self.customers[1])
        self.customers[1] = self.stripe.a_customer(email=f"{n}@y.test")

    def card_is_detached(self, n: int) -> None:
        v1, customer = self.stripe.client.v1, self.customers[n % 2]
        for card in v1.payment_methods.list({"customer": customer, "limit": 1}).data:
            v1.payment_methods.detach(card.id)

    def catalogue_shrinks(self, n: int) -> None:
        v1 = self.stripe.client.v1
        price = self.stripe.a_price(700)
        v1.prices.update(price, {"active": False})
        v1.products.update(str(v1.prices.retrieve(price).product), {"active": False})
        v1.products.delete(v1.products.create({"name": f"Trial {n}"}).id)

    def coupon_is_deleted(self, n: int) -> None:
        v1 = self.stripe.client.v1
        if n % 2:
            self._promotion_code(n)
        for coupon in v1.coupons.list({"limit": 1}).data:
            v1.coupons.delete(coupon.id)

    def draft_is_deleted(self, n: int) -> None:
        v1, customer = self.stripe.client.v1, self.customers[n % 2]
        item: Params = {"customer": customer, "amount": 90, "currency": "eur"}
        v1.invoice_items.create(item)
        draft = v1.invoices.create({"customer": customer, "auto_advance": False})
        v1.invoices.delete(draft.id)

    def _promotion_code(self, n: int) -> str:
        v1 = self.stripe.client.v1
        coupon = v1.coupons.create({"percent_off": 10, "duration": "forever"})
        wanted: Params = {"promotion": {"type": "coupon", "coupon": coupon.id}}
        return v1.promotion_codes.create(wanted).id

    def time_passes(self, n: int) -> None:
        self.stripe.advance(seconds=n % 3)

    def a_month_passes(self, n: int) -> None:
        self.stripe.advance(days=31)

    def some_events_arrive(self, n: int) -> None:
        waiting = self.stripe.waiting()
        for event in waiting[n % 4 :: 2] + waiting[:1]:
            self.stripe.deliver(event)

    def member_acts(self) -> None:
        """Cancel, and change one's mind."""
        self._member_acts(cancel_at_period_end)
        self._member_acts(undo_cancel)

    def _running(self) -> list[str]:
        listed = self.stripe.client.v1.subscriptions.list({"status": "active"})
        return [subscription.id for subscription in listed.data]

    def _member_acts(self, act: Callable[..., Subscription]) -> None:
        account = account_for(self.member, site=Site.objects.get())
        for subscription in account.current_subscriptions[:1]:
            try:
                act(account, subscription, key=new_key())
            except BillingError:
                return  # Refused, because the mirror was late; it knows better now.


#: What is gone afterwards, or at least not to be had any more.
DELETIONS = [
    Story.customer_is_deleted,
    Story.card_is_detached,
    Story.catalogue_shrinks,
    Story.coupon_is_deleted,
    Story.draft_is_deleted,
]
#: What may happen at Stripe at any time.
AT_STRIPE = [
    Story.rename,
    Story.change_card,
    Story.subscribe,
    Story.staff_cancels,
    Story.staff_settles_an_invoice,
    Story.give_a_discount,
    Story.plan_a_change,
    Story.give_money_back,
    Story.give_a_tax_id,
    Story.open_a_feature,
    *DELETIONS,
]
#: What the member may do on the site.
BY_THE_MEMBER = [Story.member_cancels, Story.member_goes_on]


@contextmanager
def undone_afterwards() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
