"""Whatever is wrong in the mirror is noticed, or the other tests here prove nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.convergence.oracle import differences
from tests.convergence.stories import Story, undone_afterwards
from wagtail_billing_portal.mirror.ingest import retire
from wagtail_billing_portal.mirror.reconcile import settle
from wagtail_billing_portal.models import (
    ActiveEntitlement,
    Coupon,
    Customer,
    EntitlementSummary,
    Invoice,
    Price,
    Product,
    Subscription,
    SubscriptionItem,
)

pytestmark = pytest.mark.django_db

MISTAKES: dict[str, Callable[[], object]] = {
    "is gone at Stripe": lambda: Coupon.objects.update(deleted_at=None),
    "is a tombstone": lambda: retire(Price.objects.first(), as_of=1),
    "differs in": lambda: Customer.objects.update(data={}),
    "as status": lambda: Invoice.objects.update(status="open"),
    "as current_period_end": lambda: Subscription.objects.update(
        current_period_end=None
    ),
    "as product_id": lambda: Price.objects.update(product=None),
    "has the children": lambda: SubscriptionItem.objects.update(quantity=7),
    "children []": lambda: ActiveEntitlement.objects.all().delete(),
    "product ": lambda: Product.objects.first().delete(),
    "entitled to": lambda: EntitlementSummary.objects.all().delete(),
    "waits for": lambda: Invoice.objects.update(needs_refresh=True),
    "live": lambda: Invoice.objects.update(livemode=True),
}


def test_every_mistake_is_noticed(stripe_side, make_member):
    story = Story(stripe_side, make_member())
    story.open_a_feature(0)
    story.coupon_is_deleted(1)
    stripe_side.deliver_all()
    settle()
    assert differences(stripe_side) == []

    for words, make_a_mistake in MISTAKES.items():
        with undone_afterwards():
            make_a_mistake()

            assert any(words in it for it in differences(stripe_side)), words
