"""Two Stripe accounts, each shown by a site of its own, and a member of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from stripe import StripeClient
from wagtail.models import Page, Site

from tests.tools.shop import the_site
from wagtail_billing_portal.actions.customers import ensure_customer
from wagtail_billing_portal.mirror.families import FAMILIES
from wagtail_billing_portal.models import PortalSettings
from wagtail_billing_portal.sandbox.transport import SandboxTransport
from wagtail_billing_portal.testing import StripeSide

PLATFORM = "sk_test_sandbox_platform"
Contents = dict[tuple[str, str], dict[str, Any]]


@dataclass
class Shop:
    """One account: Stripe's side, the site that shows it, and what was bought there."""

    side: StripeSide
    site: Site
    product: str
    price: str = ""
    customer: str = ""
    subscription: str = ""

    @property
    def alias(self) -> str:
        return self.side.alias

    @property
    def invoice(self) -> str:
        listed = self.side.client.v1.invoices.list({"customer": self.customer})
        return str(listed.data[0].id)

    def sell(self, member: Any) -> None:
        """Have a member subscribe, who pays by card."""
        self.price = self.side.a_price(product=self.product)
        self.customer = ensure_customer(member, stripe_account=self.alias).pk
        self.side.give_card(self.customer)
        self.subscription = self.side.subscribe(self.customer, self.price)

    def visited_by(self, member: Any) -> Client:
        client = Client(headers={"host": self.site.hostname})
        client.force_login(member)
        return client

    def mirrored(self) -> Contents:
        """All that the mirror holds of this account."""
        return {
            (name, row["id"]): row
            for name, family in FAMILIES.items()
            for row in family.model._default_manager.on_account(self.alias).values()
        }


def separate(settings: Any) -> list[str]:
    """The two accounts of the suite's settings, each with a key of its own."""
    return ["default", "uk"]


def connected(settings: Any) -> list[str]:
    """Two accounts that are connected to one platform, and acted for by its key."""
    platform = StripeClient(PLATFORM, http_client=SandboxTransport()).v1
    accounts = {
        alias: {
            "SECRET_KEY": PLATFORM,
            "WEBHOOK_SECRETS": [f"whsec_{alias}"],
            "STRIPE_ACCOUNT": platform.accounts.create({"country": "GB"}).id,
        }
        for alias in ("north", "south")
    }
    settings.WAGTAIL_BILLING_PORTAL = {
        **settings.WAGTAIL_BILLING_PORTAL,
        "ACCOUNTS": accounts,
    }
    return list(accounts)


KINDS = {"separate": separate, "connected": connected}


@pytest.fixture(params=KINDS)
def aliases(request, db, settings) -> list[str]:
    return KINDS[request.param](settings)


@pytest.fixture
def two_sites(db, settings) -> list[Site]:
    settings.ALLOWED_HOSTS = ["*"]
    first = the_site()
    Site.objects.filter(pk=first.pk).update(hostname="here.test")
    root = Page.get_first_root_node().add_child(instance=Page(title="There"))
    there = Site.objects.create(hostname="there.test", root_page=root)
    first.refresh_from_db()
    return [first, there]


@pytest.fixture
def shops(aliases, two_sites) -> list[Shop]:
    """Two shops that nothing was bought in."""
    for alias, site in zip(aliases, two_sites, strict=True):
        PortalSettings.objects.create(site=site, stripe_account=alias)
    products = ["Rye of the north", "Wheat of the south"]
    return [
        Shop(StripeSide(alias), site, product)
        for alias, site, product in zip(aliases, two_sites, products, strict=True)
    ]


@pytest.fixture
def here(shops, member) -> Shop:
    """A shop where the member subscribed; so they did in the other, by one e-mail."""
    for shop in shops:
        shop.sell(member)
        shop.side.deliver_all()
    return shops[0]


@pytest.fixture
def there(here, shops) -> Shop:
    return shops[1]
