"""A viewer opens every address that there is, with the forms of the owner's pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from tests.tools.changing import confirm, form_of
from tests.tools.changing import url as asking
from tests.tools.costs import watched
from tests.tools.groups import group
from tests.tools.metering import metered
from tests.tools.shop import a_form, soup, the_settings, url, words
from wagtail_billing_portal import urls
from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.models import (
    CustomerAccess,
    Invoice,
    RetentionOffer,
    Role,
    Subscription,
)
from wagtail_billing_portal.models.portal_choices import OfferKind
from wagtail_billing_portal.policies.offers import offer_of

SENTENCE = "You can see this account, but only its owner or a manager can change it."
PREVIEWS = ("POST /v1/invoices/create_preview", "POST /v1/credit_notes/preview")


@dataclass
class World:
    """An owner's account, of which somebody else is a viewer."""

    stripe_side: Any
    shop: Any
    customer: str
    owner: Client
    id: str = ""

    def have(self, price: str = "", **params: Any) -> None:
        flexible = {"billing_mode": {"type": "flexible"}}
        price = price or self.shop.supporter
        self.id = self.stripe_side.subscribe(self.customer, price, **flexible, **params)
        self.stripe_side.deliver_all()

    @property
    def args(self) -> list[str]:
        return [self.id] if self.id else []


def nothing(world: World) -> None:
    """A customer, and no more."""


def running(world: World) -> None:
    world.have()


def planned(world: World) -> None:
    world.have()
    page = asking("change_confirm", world.id, price=world.shop.reader)
    confirm(world.owner, page)


def ending(world: World) -> None:
    world.have(cancel_at_period_end=True)


def ended(world: World) -> None:
    world.have()
    world.stripe_side.cancel(world.id)
    world.stripe_side.deliver_all()


def paused(world: World) -> None:
    world.have()
    at = world.stripe_side.client.v1.subscriptions
    at.pause(world.id, {"type": "subscription"})
    world.stripe_side.deliver_all()


def with_a_code(world: World) -> None:
    world.have()
    world.owner.post(url("apply_code", world.id), a_form(code="WELCOME"))


def by_use(world: World) -> None:
    price = world.stripe_side.a_price(2, **metered(world.stripe_side))
    list(backfill("default", only=["product", "price"]))
    world.have(price)


def with_an_offer(world: World) -> None:
    world.have()
    list(backfill("default", only=["coupon"]))
    RetentionOffer.objects.create(
        settings=the_settings(), kind=OfferKind.COUPON, coupon_id=world.shop.coupon
    )


def billed(world: World) -> None:
    world.have()
    world.id = Invoice.objects.get().pk


def unpaid(world: World) -> None:
    world.have(collection_method="send_invoice", days_until_due=3)
    made = world.stripe_side.client.v1.invoices.list({"customer": world.customer})
    world.stripe_side.client.v1.invoices.finalize_invoice(made.data[0].id)
    world.stripe_side.deliver_all()
    world.id = made.data[0].id


@dataclass(frozen=True)
class Address:
    """How an address is met, and what its page sends."""

    state: Callable[[World], None] = running
    query: str = ""
    #: What is sent besides what the owner's page holds.
    form: Callable[[World], dict[str, Any]] = lambda world: {}
    #: Whether the owner's form has an effect at Stripe.
    writes: bool = True


READER = "?price={reader}"
YEARLY = "?price={supporter_yearly}"
ADDRESSES = {
    "overview": Address(),
    "subscribe": Address(nothing, form=lambda w: {"offer": offer_of(w.shop.reader)}),
    "checkout_return": Address(nothing),
    "subscription": Address(),
    "change": Address(),
    "quantity": Address(),
    "extras": Address(),
    "change_confirm": Address(query=YEARLY),
    "undo_change": Address(planned),
    "usage": Address(by_use),
    "cancel": Address(writes=False),
    "cancel_offer": Address(with_an_offer),
    "cancel_confirm": Address(),
    "undo_cancel": Address(ending),
    "pause": Address(form=lambda w: {"length": "open"}),
    "resume": Address(paused),
    "apply_code": Address(form=lambda w: {"code": "WELCOME"}),
    "remove_discount": Address(
        with_a_code,
        form=lambda w: {"discount": Subscription.objects.get().current_discounts[0].pk},
    ),
    "subscribe_again": Address(ended),
    "hosted_change": Address(),
    "hosted_confirm": Address(query=READER),
    "hosted_cancel": Address(),
    "hosted_pause": Address(),
    "hosted_return": Address(),
    "invoices": Address(),
    "invoice_pdf": Address(billed),
    "invoice_pay": Address(unpaid),
    "hosted_portal": Address(),
    "hosted_portal_return": Address(),
}
#: No page: what comes there is signed by Stripe.
OF_STRIPE = {"webhook"}
OF_EVERYTHING = {
    "overview",
    "subscribe",
    "checkout_return",
    "invoices",
    "hosted_portal",
    "hosted_portal_return",
}
VIEWS = {it.name: getattr(it.callback, "view_class", None) for it in urls.urlpatterns}
ACTS = {name for name in ADDRESSES if hasattr(VIEWS[name], "post")}
#: Pages whose only use is to lead to one of those.
TOWARDS_ACTS = {"change", "quantity", "extras", "invoice_pay"}


@pytest.fixture
def world(stripe_side, shop, customer, client, member) -> World:
    prices = (shop.reader, shop.reader_yearly, shop.supporter, shop.supporter_yearly)
    group(*prices, maximum=9)
    group(shop.team, are_extras=True)
    the_settings(offer_pause=True, pause_without_end=True)
    stripe_side.stop_clock()
    client.force_login(member)
    return World(stripe_side, shop, customer, client)


@pytest.fixture
def grace(make_member, customer) -> Client:
    """Somebody who may look at what ada pays for."""
    made = make_member("grace")
    CustomerAccess.objects.create(
        user=made, customer_id=customer, stripe_account="default", role=Role.VIEWER
    )
    browser = Client()
    browser.force_login(made)
    return browser


def the_address(world: World, name: str) -> str:
    args = [] if name in OF_EVERYTHING else world.args
    query = ADDRESSES[name].query.format(**vars(world.shop))
    return url(name, *args) + query


def ways_to_change(page: Any) -> set[str]:
    """Where the links and the forms of a page lead that have an effect."""
    found = soup(page).select(".billing a[href], .billing form[method=post]")
    leads = [urlsplit(it.get("href") or it.get("action") or "").path for it in found]
    return {_name_of(path) for path in leads} & {*ACTS, *TOWARDS_ACTS, "here"}


def _name_of(path: str) -> str:
    try:
        return resolve(path).url_name or ""
    except Resolver404:
        # A form without an address is sent to the page itself.
        return "" if path else "here"


def writes_of(cost: Any) -> list[str]:
    asked = [it for it in cost.requests if not it.startswith("GET ")]
    return [it for it in asked if it not in PREVIEWS]


def test_every_address_is_met_by_a_viewer():
    assert set(VIEWS) == set(ADDRESSES) | OF_STRIPE


@pytest.mark.parametrize("name", sorted(set(ADDRESSES) - ACTS))
def test_a_viewer_sees_and_finds_no_button_that_changes(world, grace, name):
    ADDRESSES[name].state(world)
    there = the_address(world, name)

    with watched() as cost:
        page = grace.get(there, follow="invoice_pdf" not in name)

    assert not writes_of(cost)
    assert not ways_to_change(page)


@pytest.mark.parametrize("name", sorted(ACTS))
def test_a_viewer_with_the_owners_form_changes_nothing_and_reads_why(
    world, grace, name
):
    address = ADDRESSES[name]
    address.state(world)
    there = the_address(world, name)
    shown = form_of(world.owner.get(there)) if hasattr(VIEWS[name], "get") else {}
    form = a_form() | shown | address.form(world)

    with watched() as cost:
        looked = grace.get(there, follow=True)
        tried = grace.post(there, form, follow=True)
    with watched() as owners:
        world.owner.post(there, form)

    assert not writes_of(cost)
    assert not ways_to_change(looked)
    assert SENTENCE in words(tried)
    assert bool(writes_of(owners)) is address.writes
