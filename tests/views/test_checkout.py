from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.utils import translation

from tests.tools.shop import a_form, soup, the_settings, the_site, url, words
from wagtail_billing_portal.exceptions import StripeUnavailable
from wagtail_billing_portal.models import Subscription
from wagtail_billing_portal.policies.offers import offer_of


def test_backing_out_leads_to_where_one_came_from(ada, price, stripe_side):
    ada.post(
        url("subscribe"), a_form(offer=offer_of(price.pk), next="/plans/?interval=year")
    )

    (session,) = stripe_side.client.v1.checkout.sessions.list().data
    assert session.cancel_url == "http://testserver/plans/?interval=year"


def test_checkout_speaks_the_members_language(ada, price, stripe_side):
    with translation.override("de"):
        ada.post(
            url("subscribe"),
            a_form(offer=offer_of(price.pk)),
            headers={"accept-language": "de"},
        )

    (session,) = stripe_side.client.v1.checkout.sessions.list().data
    assert session.locale == "de"


def test_having_paid_one_arrives_at_the_account_page(ada, price, stripe_side):
    the_settings(return_page=the_site().root_page)
    checkout = ada.post(url("subscribe"), a_form(offer=offer_of(price.pk)))
    done = urlsplit(stripe_side.pay(checkout["Location"]).redirect_url)

    response = ada.get(f"{done.path}?{done.query}")

    assert response.status_code == 303
    assert urlsplit(response["Location"]).path == "/"
    assert Subscription.objects.get().grants_access


def test_coming_back_unpaid_is_no_subscription(ada, price, stripe_side):
    ada.post(url("subscribe"), a_form(offer=offer_of(price.pk)))
    (session,) = stripe_side.client.v1.checkout.sessions.list().data

    page = ada.get(url("checkout_return"), {"session_id": session.id}, follow=True)

    assert "Your payment isn't complete yet." in words(page)
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("made_up", ["", "cs_test_made_up", "../customers"])
def test_an_address_made_by_hand_proves_nothing(ada, subscription, made_up):
    response = ada.get(url("checkout_return"), {"session_id": made_up})

    assert response.status_code in (303, 404)
    assert Subscription.objects.count() == 1


def test_coming_back_without_ever_having_paid_is_told(ada, stripe_side):
    page = ada.get(url("checkout_return"), {"session_id": "cs_test_x"}, follow=True)

    assert page.redirect_chain == [(url("overview"), 303)]
    assert "nothing to manage yet" in words(page)


def test_a_price_that_does_not_exist_is_not_there(ada, stripe_side):
    assert (
        ada.post(url("subscribe"), a_form(offer=offer_of("price_x"))).status_code == 404
    )


def test_a_form_cut_short_is_told(ada, price):
    page = ada.post(url("subscribe"), {"offer": offer_of(price.pk)}, follow=True)

    assert "That form was incomplete." in words(page)


def test_without_stripe_the_portal_still_shows_and_changes_nothing(
    ada, subscription, settings
):
    settings.WAGTAIL_BILLING_PORTAL = {
        **settings.WAGTAIL_BILLING_PORTAL,
        "TRANSPORT": "tests.views.unplugged.Unplugged",
        "MAX_NETWORK_RETRIES": 0,
    }

    page = ada.post(url("cancel_confirm", subscription.pk), a_form(), follow=True)

    assert str(StripeUnavailable.user_message) in words(page)
    assert soup(page).h1.text == "Supporter"
    assert not Subscription.objects.get().is_ending
