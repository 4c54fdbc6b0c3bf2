"""The attacks: somebody else's objects, forged forms, foreign addresses."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Site

from wagtail_billing_portal import urls
from wagtail_billing_portal.accounts import account_for
from wagtail_billing_portal.actions.checkout import complete_checkout
from wagtail_billing_portal.actions.customers import ensure_customer
from wagtail_billing_portal.actions.subscriptions import cancel_at_period_end
from wagtail_billing_portal.exceptions import NotAllowed, UnknownStripeObject
from wagtail_billing_portal.gateway import new_key
from wagtail_billing_portal.models import Invoice, PortalSettings

HOSTED_ACTS = ("hosted_change", "hosted_confirm", "hosted_cancel", "hosted_pause")
OF_A_SUBSCRIPTION = {
    "subscription",
    "cancel",
    "cancel_confirm",
    "cancel_offer",
    "undo_cancel",
    "change",
    "change_confirm",
    "extras",
    "quantity",
    "undo_change",
    "pause",
    "resume",
    "apply_code",
    "remove_discount",
    "subscribe_again",
    "usage",
    *HOSTED_ACTS,
    "hosted_return",
}
OF_AN_INVOICE = {"invoice_pdf", "invoice_pay"}
OF_NOBODY = {
    "overview",
    "subscribe",
    "checkout_return",
    "invoices",
    "hosted_portal",
    "hosted_portal_return",
    "webhook",
}
VERBS = ["get", "post", "put", "patch", "delete", "head"]
FOREIGN = [
    "https://evil.example/",
    "//evil.example/",
    "javascript:alert(1)",
    "\\\\evil",
]
#: What each switch of the portal settings takes away.
SWITCHES = {
    "offer_cancel": ["cancel", "cancel_confirm", "cancel_offer", "hosted_cancel"],
    "offer_change_plan": ["change", "extras"],
    "offer_change_quantity": ["quantity"],
    "offer_pause": ["pause", "hosted_pause"],
    "offer_promotion_codes": ["apply_code"],
    "offer_invoices": ["invoices", "invoice_pdf"],
    "offer_hosted_portal": ["hosted_portal", *HOSTED_ACTS],
    "offer_subscribe": ["subscribe"],
}


def url(name: str, *args: str) -> str:
    return reverse(f"wagtail_billing_portal:{name}", args=args)


@pytest.fixture(autouse=True)
def everything_is_offered(db) -> None:
    PortalSettings.for_site(Site.objects.get())
    PortalSettings.objects.update(offer_pause=True)


@pytest.fixture
def eve(make_member, stripe_side) -> Client:
    """Somebody else, with a customer of her own."""
    eve = make_member("eve")
    ensure_customer(eve, stripe_account="default")
    client = Client()
    client.force_login(eve)
    return client


def form() -> dict[str, str]:
    return {"key": new_key()}


def answered_by(name: str) -> set[str]:
    """The verbs that this address knows for the objects that one has."""
    [view] = [it.callback.view_class for it in urls.urlpatterns if it.name == name]
    known = {it for it in view.http_method_names if hasattr(view, it)}
    return known | {"head"} if "get" in known else known


def test_every_address_is_covered_by_these_attacks():
    names = {pattern.name for pattern in urls.urlpatterns}

    assert names == OF_A_SUBSCRIPTION | OF_AN_INVOICE | OF_NOBODY


@pytest.mark.parametrize("name", sorted(OF_A_SUBSCRIPTION | OF_AN_INVOICE))
def test_another_members_object_is_not_there(eve, subscription, stripe_side, name):
    id = subscription.invoices.get().pk if name in OF_AN_INVOICE else subscription.pk
    before = len(stripe_side.events())

    for verb in VERBS:
        theirs = getattr(eve, verb)(url(name, id), form())
        invented = getattr(eve, verb)(url(name, "sub_invented"), form())

        expected = 404 if verb in answered_by(name) else 405
        assert (theirs.status_code, invented.status_code) == (expected,) * 2, verb
    assert len(stripe_side.events()) == before


def test_a_visitor_is_asked_to_log_in(client, subscription):
    for name in OF_A_SUBSCRIPTION | OF_AN_INVOICE:
        response = client.get(url(name, subscription.pk))

        assert urlsplit(response["Location"]).path == "/django-admin/login/", name


def test_a_change_is_never_made_by_a_link(client, member, subscription):
    client.force_login(member)

    changes = ("subscribe", "hosted_portal", "undo_cancel", "undo_change")
    for name in (*changes, *HOSTED_ACTS):
        args = [subscription.pk] if name in OF_A_SUBSCRIPTION else []
        assert client.get(url(name, *args)).status_code == 405, name


def test_a_form_from_another_site_changes_nothing(member, subscription, stripe_side):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    before = len(stripe_side.events())

    for name in OF_A_SUBSCRIPTION:
        response = client.post(url(name, subscription.pk), form())

        assert response.status_code == 403, name
    assert len(stripe_side.events()) == before


def test_a_foreign_return_address_is_ignored(client, member, subscription):
    client.force_login(member)

    for address in FOREIGN:
        client.post(url("cancel_confirm", subscription.pk), form())
        response = client.post(
            url("undo_cancel", subscription.pk), {**form(), "next": address}
        )

        assert response["Location"] == url("subscription", subscription.pk), address


def test_nobody_is_sent_elsewhere_on_the_way_back_from_stripe(
    client, member, subscription
):
    client.force_login(member)

    for address in FOREIGN:
        client.post(url("hosted_portal"), {**form(), "next": address})
        back = client.get(url("hosted_portal_return"))

        assert back["Location"] == url("overview"), address


def test_the_return_address_of_checkout_proves_nothing(
    eve, make_member, member, subscription, stripe_side
):
    session = stripe_side.client.v1.checkout.sessions.create(
        {
            "mode": "setup",
            "customer": subscription.customer_id,
            "currency": "eur",
            "success_url": "https://x.test/",
        }
    )

    response = eve.get(url("checkout_return"), {"session_id": session.id})

    assert response.status_code == 404
    account = account_for(make_member("mallory"), site=Site.objects.get())
    ensure_customer(account.user, stripe_account="default")
    with pytest.raises(UnknownStripeObject):
        complete_checkout(account, session_id=session.id)


@pytest.mark.parametrize("switch", SWITCHES)
def test_what_is_switched_off_is_not_there(client, member, subscription, switch):
    PortalSettings.objects.update(**{switch: False})
    client.force_login(member)
    overview = client.get(url("overview")).content.decode()

    for name in SWITCHES[switch]:
        ids = {"invoice_pdf": [subscription.invoices.get().pk]}
        args = [subscription.pk] if name in OF_A_SUBSCRIPTION else ids.get(name, [])

        answers = [client.get(url(name, *args)), client.post(url(name, *args), form())]

        assert {answer.status_code for answer in answers} == {404}, name
        assert url(name, *args) not in overview


def test_what_is_switched_off_is_denied_to_code_too(member, subscription):
    site = Site.objects.get()
    settings = PortalSettings.for_site(site)
    PortalSettings.objects.filter(pk=settings.pk).update(offer_cancel=False)
    account = account_for(member, site=site)

    with pytest.raises(NotAllowed, match="not_offered"):
        cancel_at_period_end(
            account, account.subscription_with(subscription.pk), key=new_key()
        )


def test_members_pages_are_kept_by_no_cache(client, member, subscription):
    client.force_login(member)

    for name in ("overview", "invoices"):
        assert "no-store" in client.get(url(name))["Cache-Control"]
        assert "private" in client.get(url(name))["Cache-Control"]


def test_no_address_of_a_pdf_is_in_a_page(client, member, subscription):
    client.force_login(member)
    data = Invoice.objects.get().data

    page = client.get(url("invoices")).content.decode()

    assert data["invoice_pdf"] not in page
    assert data["hosted_invoice_url"] not in page
