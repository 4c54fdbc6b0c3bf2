"""A member of two sites sees on each what they bought there, and nothing else."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from tests.accounts.conftest import Shop
from tests.tools.shop import a_form, url, words
from wagtail_billing_portal import urls
from wagtail_billing_portal.blocks import (
    InvoiceListBlock,
    ManageSubscriptionBlock,
    PricingTableBlock,
)
from wagtail_billing_portal.models import CustomerAccess, PortalSettings
from wagtail_billing_portal.policies.offers import offer_of

pytestmark = pytest.mark.django_db

OF_NOBODY = ["overview", "invoices"]
OF_A_SUBSCRIPTION = ["subscription", "cancel", "cancel_confirm"]
#: Those that a test below is about, each.
ASKED_BY_THEMSELVES = {
    "checkout_return",
    "hosted_portal",
    "hosted_portal_return",
    "subscribe",
    "webhook",
}
#: Nothing here is paid by use.
NOTHING_TO_SHOW = {"usage"}
#: By the first word of its address, what an id is of.
IDS = {
    "subscriptions": lambda shop: shop.subscription,
    "invoices": lambda shop: shop.invoice,
}
BY_ID = {
    pattern.name: IDS[str(pattern.pattern).split("/")[0]]
    for pattern in urls.urlpatterns
    if "id" in pattern.pattern.converters
}


def assert_shows_nothing_of(shop: Shop, html: str) -> None:
    assert shop.product not in html
    assert [id for _family, id in shop.mirrored() if id in html] == []


def test_a_page_shows_one_account(here, there, member):
    for shop, other in [(here, there), (there, here)]:
        for name in OF_NOBODY + OF_A_SUBSCRIPTION:
            args = [shop.subscription] if name in OF_A_SUBSCRIPTION else []

            page = shop.visited_by(member).get(url(name, *args))

            assert page.status_code == 200, name
            assert shop.product in words(page), name
            assert_shows_nothing_of(other, page.content.decode())


def test_every_address_is_asked_across_accounts():
    names = {pattern.name for pattern in urls.urlpatterns}

    assert names == {*BY_ID, *OF_NOBODY, *ASKED_BY_THEMSELVES}


def test_an_id_of_the_other_account_is_not_there(here, there, member):
    PortalSettings.objects.update(offer_pause=True)
    client = here.visited_by(member)
    before = there.mirrored(), len(there.side.events())

    for name, id_in in BY_ID.items():
        address = url(name, id_in(there))

        for verb in ("get", "post"):
            answer = getattr(client, verb)(address, a_form())

            assert answer.status_code in (404, 405), (verb, name)
        own = client.get(url(name, id_in(here))).status_code
        assert (own == 404) is (name in NOTHING_TO_SHOW), name
    assert (there.mirrored(), len(there.side.events())) == before


def test_ones_own_is_reached_on_each_site(here, there, member):
    for shop in (here, there):
        pdf = shop.visited_by(member).get(url("invoice_pdf", shop.invoice))

        assert pdf.status_code == 302


def test_a_cancelled_subscription_is_cancelled_on_one_account(here, there, member):
    client = here.visited_by(member)

    client.post(url("cancel_confirm", here.subscription), a_form())

    ending = [
        shop.side.client.v1.subscriptions.retrieve(shop.subscription).cancel_at
        for shop in (here, there)
    ]
    assert ending[0] is not None
    assert ending[1] is None


def test_a_price_of_the_other_account_is_not_sold(here, there, make_member):
    newcomer = make_member("grace")

    answer = here.visited_by(newcomer).post(
        url("subscribe"), a_form(offer=offer_of(there.price))
    )

    assert answer.status_code == 404
    for shop in (here, there):
        assert shop.side.client.v1.checkout.sessions.list().data == []


def test_the_return_from_the_others_checkout_is_not_there(here, there, member):
    session = there.side.client.v1.checkout.sessions.create(
        {
            "mode": "setup",
            "customer": there.customer,
            "currency": "eur",
            "success_url": "https://x.test/",
        }
    )

    answer = here.visited_by(member).get(
        url("checkout_return"), {"session_id": session.id}
    )

    assert answer.status_code == 404


def test_stripes_own_portal_opens_for_this_sites_customer(here, there, member):
    answer = here.visited_by(member).post(url("hosted_portal"), a_form())

    page = here.visited_by(member).get(answer["Location"])
    assert answer.status_code == 303
    assert here.product in words(page)
    assert_shows_nothing_of(there, page.content.decode())


def test_the_way_back_from_stripes_portal_reads_one_account(here, there, member):
    before = there.mirrored()
    here.visited_by(member).post(url("hosted_portal"), a_form())

    answer = here.visited_by(member).get(url("hosted_portal_return"))

    assert answer.status_code in (302, 303)
    assert there.mirrored() == before


def test_a_block_shows_one_account_whichever_prices_were_chosen(here, there, member):
    plans = [{"prices": [shop.price]} for shop in (there, here)]
    request = RequestFactory(headers={"host": here.site.hostname}).get("/")
    request.user = member

    for block in (PricingTableBlock(), ManageSubscriptionBlock(), InvoiceListBlock()):
        value = {"plans": plans} if isinstance(block, PricingTableBlock) else {}
        html = block.render(block.to_python(value), context={"request": request})

        assert here.product in words(html)
        assert_shows_nothing_of(there, html)


def test_a_site_may_turn_to_another_account(here, there, member):
    """What it had at the first one is not looked for at the other."""
    here.visited_by(member).post(url("hosted_portal"), a_form())
    settings = here.site.portalsettings
    settings.refresh_from_db()
    settings.stripe_account = there.alias
    settings.save()

    answer = here.visited_by(member).post(url("hosted_portal"), a_form())

    settings.refresh_from_db()
    configurations = there.side.client.v1.billing_portal.configurations
    assert answer.status_code == 303
    assert configurations.retrieve(settings.stripe_configuration).active


def test_a_way_to_a_customer_leads_to_its_own_account_only(here, there, make_member):
    """Whatever a site's code wrote down when it linked a member."""
    grace = make_member("grace")
    CustomerAccess.objects.create(
        user=grace, customer_id=there.customer, stripe_account=here.alias
    )

    page = here.visited_by(grace).get(url("overview"))

    assert_shows_nothing_of(there, page.content.decode())
