"""D13 and D14: an e-mail address proves nothing."""

from __future__ import annotations

from typing import Any

from django.test import TestCase

from tests.tools.shop import a_form, the_settings, url, words


def session_of(stripe_side: Any) -> Any:
    [event] = stripe_side.events("billing_portal.session.created")
    return event["data"]["object"]


def test_d13_an_e_mail_address_is_changed_on_the_site_and_never_on_stripes_page(
    ada, stripe_side, member, subscription
):
    ada.post(url("hosted_portal"), a_form())
    with TestCase.captureOnCommitCallbacks(execute=True):
        member.email = "countess@example.com"
        member.save()

    v1 = stripe_side.client.v1
    used = v1.billing_portal.configurations.retrieve(
        session_of(stripe_side)["configuration"]
    )
    assert "email" not in used.features.customer_update.allowed_updates
    told = v1.customers.retrieve(subscription.customer_id)
    assert told.email == "countess@example.com"


def test_d13_stripes_page_lets_nobody_in_by_e_mail(ada, stripe_side, subscription):
    ada.post(url("hosted_portal"), a_form())

    used = stripe_side.client.v1.billing_portal.configurations.retrieve(
        the_settings().stripe_configuration
    )

    assert not used.login_page.enabled


def test_d14_of_two_customers_with_one_e_mail_everybody_has_their_own(
    ada, client, stripe_side, shop, subscription
):
    other = stripe_side.a_customer(email="ada@example.com")
    stripe_side.subscribe(other, shop.reader)
    stripe_side.deliver_all()

    page = words(client.get(url("overview")))
    client.post(url("hosted_portal"), a_form())

    assert "Supporter · monthly" in page
    assert "Reader" not in page
    assert session_of(stripe_side)["customer"] == subscription.customer_id
