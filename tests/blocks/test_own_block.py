"""A block of a site's own, as the reference tells to make one."""

from __future__ import annotations

from tests.tools.shop import account_of_user, asked_by, sold, subscribed, words
from wagtail_billing_portal.blocks import BillingBlock, ManageSubscriptionBlock
from wagtail_billing_portal.sections import HostedPortalSection


def test_a_block_may_show_anothers_account(stripe_side, member, make_member):
    captain = make_member("grace")
    (price,) = sold(stripe_side, 3900, product="Team")
    subscribed(stripe_side, captain, price)

    class TeamBlock(ManageSubscriptionBlock):
        def get_account(self, request):
            return account_of_user(captain)

    html = TeamBlock().render({}, context={"request": asked_by(member)})

    assert "Team · monthly" in words(html)


def test_a_block_may_show_another_section(stripe_side, member):
    (price,) = sold(stripe_side, 1200)
    subscribed(stripe_side, member, price)

    class StripeBlock(BillingBlock):
        def get_section(self, value, account):
            return HostedPortalSection(account, heading="Your card")

    html = StripeBlock().render({}, context={"request": asked_by(member)})

    assert "Your card" in words(html)
    assert "Open billing at Stripe" in words(html)
