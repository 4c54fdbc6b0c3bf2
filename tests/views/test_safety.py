"""Who is kept out of what."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.tools.shop import a_form, the_settings, url
from wagtail_billing_portal.models import Feature, Subscription
from wagtail_billing_portal.policies.offers import offer_of

FOREIGN = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
]
OF_SUBSCRIPTION = ["subscription", "cancel", "cancel_confirm"]


@pytest.mark.parametrize("name", OF_SUBSCRIPTION)
def test_anothers_subscription_is_not_there(eve, subscription, name):
    assert eve.get(url(name, subscription.pk)).status_code == 404
    assert eve.get(url(name, "sub_made_up")).status_code == 404


@pytest.mark.parametrize("name", ["cancel", "cancel_confirm", "undo_cancel"])
def test_anothers_subscription_cannot_be_changed(eve, subscription, name):
    assert eve.post(url(name, subscription.pk), a_form()).status_code == 404
    assert not Subscription.objects.get().is_ending


def test_anothers_invoice_is_not_there(eve, subscription):
    invoice = subscription.invoices.get()

    assert eve.get(url("invoice_pdf", invoice.pk)).status_code == 404
    assert invoice.number not in eve.get(url("invoices")).content.decode()


def test_anothers_checkout_is_not_there(ada, eve, price, stripe_side):
    checkout = ada.post(url("subscribe"), a_form(offer=offer_of(price.pk)))
    done = urlsplit(stripe_side.pay(checkout["Location"]).redirect_url)
    stripe_side.a_customer()

    response = eve.get(f"{done.path}?{done.query}")

    assert response.status_code in (303, 404)
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("name", ["subscribe", "hosted_portal"])
def test_what_changes_something_answers_post_alone(ada, db, name):
    assert ada.get(url(name)).status_code == 405


def test_undoing_answers_post_alone(ada, subscription):
    assert ada.get(url("undo_cancel", subscription.pk)).status_code == 405


def test_a_form_of_another_site_is_refused(member, subscription, price):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(member)

    for name, *args in [
        ("subscribe",),
        ("hosted_portal",),
        ("cancel", subscription.pk),
        ("cancel_confirm", subscription.pk),
        ("undo_cancel", subscription.pk),
    ]:
        assert (
            browser.post(url(name, *args), a_form(offer=offer_of(price.pk))).status_code
            == 403
        )
    assert not Subscription.objects.get().is_ending


@pytest.mark.parametrize("foreign", FOREIGN)
def test_next_never_leads_off_the_site(ada, subscription, foreign):
    ada.post(url("cancel_confirm", subscription.pk), a_form())

    response = ada.post(url("undo_cancel", subscription.pk), a_form(next=foreign))

    assert response["Location"] == url("subscription", subscription.pk)


@pytest.mark.parametrize("foreign", FOREIGN)
def test_stripe_is_never_told_to_return_elsewhere(ada, price, stripe_side, foreign):
    ada.post(url("subscribe"), a_form(offer=offer_of(price.pk), next=foreign))

    (session,) = stripe_side.client.v1.checkout.sessions.list().data
    assert session.cancel_url == f"http://testserver{url('overview')}"


@pytest.mark.parametrize(
    ("feature", "pages"),
    [
        (Feature.SUBSCRIBE, ["subscribe"]),
        (Feature.CANCEL, ["cancel", "cancel_confirm"]),
        (Feature.INVOICES, ["invoices", "invoice_pdf"]),
        (Feature.HOSTED_PORTAL, ["hosted_portal"]),
    ],
)
def test_what_is_switched_off_is_not_there(ada, subscription, feature, pages):
    the_settings(**{f"offer_{feature.value}": False})
    ids = {"invoice_pdf": [subscription.invoices.get().pk]}
    bare = {"subscribe", "invoices", "hosted_portal"}

    for name in pages:
        args = [] if name in bare else ids.get(name, [subscription.pk])
        assert ada.get(url(name, *args)).status_code == 404
        assert ada.post(url(name, *args), a_form()).status_code == 404
