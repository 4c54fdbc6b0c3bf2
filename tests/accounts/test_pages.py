"""A member of two sites sees on each what they bought there, and nothing else."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from tests.accounts.conftest import Shop
from tests.tools.shop import a_form, url, words
from wagtail_billing_portal.blocks import (
    InvoiceListBlock,
    ManageSubscriptionBlock,
    PricingTableBlock,
)
from wagtail_billing_portal.models import CustomerAccess
from wagtail_billing_portal.policies.offers import offer_of

pytestmark = pytest.mark.django_db

OF_NOBODY = ["overview", "invoices"]
OF_A_SUBSCRIPTION = ["subscription", "cancel", "cancel_confirm"]
OF_ANOTHER = [
    *[(verb, name) for verb in ("get", "post") for name in OF_A_SUBSCRIPTION],
    ("post", "undo_cancel"),
    ("get", "invoice_pdf"),
    ("get", "invoice_pay"),
]


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


def test_an_id_of_the_other_account_is_not_there(here, there, member):
    before = there.mirrored(), len(there.side.events())

    for verb, name in OF_ANOTHER:
        id = there.invoice if name.startswith("invoice") else there.subscription
        answer = getattr(here.visited_by(member), verb)(url(name, id), a_form())

        assert answer.status_code in (404, 405), (verb, name)
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
