"""A small shop at Stripe, and members who bought in it."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import reverse
from wagtail.models import Site

from wagtail_billing_portal.accounts import BillingAccount, account_for
from wagtail_billing_portal.actions.customers import ensure_customer
from wagtail_billing_portal.gateway import new_key
from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.models import PortalSettings, Price, Subscription
from wagtail_billing_portal.testing import StripeSide


def url(name: str, *args: str) -> str:
    """The address of a page of the portal."""
    return reverse(f"wagtail_billing_portal:{name}", args=args)


def the_site() -> Site:
    return Site.objects.get(is_default_site=True)


def the_settings(**fields: Any) -> PortalSettings:
    """The site's portal settings, with ``fields`` set and saved."""
    settings = PortalSettings.for_site(the_site())
    for name, value in fields.items():
        setattr(settings, name, value)
    settings.save()
    return settings


def account_of_user(user: Any = None) -> BillingAccount:
    return account_for(user or AnonymousUser(), site=the_site())


def asked_by(user: Any = None, path: str = "/plans/") -> HttpRequest:
    """A request for a page, sent by ``user`` or by a visitor."""
    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()
    return request


def sold(stripe_side: StripeSide, *amounts: int, **params: Any) -> list[Price]:
    """Prices of these amounts, mirrored, in this order."""
    ids = [stripe_side.a_price(amount, **params) for amount in amounts]
    list(backfill("default", only=["product", "price"]))
    found = Price.objects.select_related("product").in_bulk(ids)
    return [found[id] for id in ids]


def sold_too(
    stripe_side: StripeSide, price: Price, amount: int, interval: str
) -> Price:
    """Another price of the same product, mirrored."""
    made = stripe_side.client.v1.prices.create(
        {
            "product": price.product_id,
            "unit_amount": amount,
            "currency": price.currency,
            "recurring": {"interval": interval},  # type: ignore[typeddict-item]
        }
    )
    list(backfill("default", only=["product", "price"]))
    other: Price = Price.objects.select_related("product").get(pk=made.id)
    return other


def subscribed(
    stripe_side: StripeSide, member: Any, price: Price, **params: Any
) -> Subscription:
    """A running subscription of ``member``, mirrored by Stripe's events."""
    customer = ensure_customer(member, stripe_account="default")
    stripe_side.give_card(customer.pk)
    id = stripe_side.subscribe(customer.pk, price.pk, **params)
    stripe_side.deliver_all()
    return Subscription.objects.get(pk=id)


def a_form(**fields: Any) -> dict[str, Any]:
    """What a form of the portal sends: its key, and ``fields``."""
    return {"key": new_key(), **fields}


def soup(html: Any) -> BeautifulSoup:
    """HTML, or a response, to look things up in."""
    return BeautifulSoup(getattr(html, "content", html), "html.parser")


def words(html: Any) -> str:
    """What a reader sees, in one line."""
    return " ".join(soup(html).get_text(" ").split())


def buttons(html: Any) -> list[str]:
    """The words on every button and button-like link, in order."""
    return [words(str(it)) for it in soup(html).select(".billing-button")]
