"""What happens to a member is told to each account where they are a customer."""

from __future__ import annotations

import pytest

from wagtail_billing_portal.actions.customers import push_identity
from wagtail_billing_portal.exceptions import StripeUnavailable
from wagtail_billing_portal.models import Customer
from wagtail_billing_portal.sandbox import faults

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("which", [0, 1])
def test_a_new_address_reaches_the_one_when_the_other_is_out_of_reach(
    here, there, member, settings, which
):
    portal = settings.WAGTAIL_BILLING_PORTAL
    settings.WAGTAIL_BILLING_PORTAL = {**portal, "MAX_NETWORK_RETRIES": 0}
    lost, reached = [here, there][which], [there, here][which]
    member.email = "countess@example.com"
    faults.inject(faults.RESET_BEFORE_WRITE, path=f"*{lost.customer}")

    with pytest.raises(StripeUnavailable):
        push_identity(member)

    at_stripe = reached.side.client.v1.customers.retrieve(reached.customer)
    assert at_stripe.email == "countess@example.com"
    assert Customer.objects.get(pk=lost.customer).email == "ada@example.com"


def test_a_member_has_one_customer_on_each_by_the_same_address(here, there):
    mails = [
        shop.side.client.v1.customers.retrieve(shop.customer).email
        for shop in (here, there)
    ]

    assert mails == ["ada@example.com"] * 2
    assert here.customer != there.customer
