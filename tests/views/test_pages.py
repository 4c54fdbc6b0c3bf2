from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from wagtail.models import Locale, Page

from tests.tools.shop import a_form, buttons, soup, the_settings, the_site, url, words
from wagtail_billing_portal.models import Invoice
from wagtail_billing_portal.policies.offers import offer_of


def test_the_overview_shows_what_one_has_and_what_was_paid(ada, subscription):
    page = ada.get(url("overview"))

    assert soup(page).h1.text == "Your billing"
    assert "Signed in as ada@example.com" in words(page)
    assert buttons(page) == [
        "Manage subscription Supporter · monthly",
        "Open billing at Stripe",
    ]
    assert Invoice.objects.get().number in words(page)


def test_a_newcomer_finds_an_overview_without_dead_ends(ada):
    page = ada.get(url("overview"))

    assert "You have no subscription yet." in words(page)
    assert buttons(page) == []


def test_the_headline_and_the_legal_links_are_the_editors(ada):
    the_settings(
        headline="My bread account",
        terms_of_service_url="https://loaf.example/terms",
        privacy_policy_url="https://loaf.example/privacy",
    )

    page = ada.get(url("overview"))

    assert soup(page).h1.text == "My bread account"
    assert [it["href"] for it in soup(page).select("footer a")] == [
        "https://loaf.example/terms",
        "https://loaf.example/privacy",
    ]


def test_the_site_chooses_the_page_around_the_portal(ada, settings):
    settings.WAGTAIL_BILLING_PORTAL = {
        **settings.WAGTAIL_BILLING_PORTAL,
        "LAYOUT_TEMPLATE": "admin/base_site.html",
    }

    page = ada.get(url("overview"))

    assert "Django administration" in words(page)
    assert soup(page).select_one(".billing-page h1").text == "Your billing"
    assert page.content.count(b"portal.css") == 1


def test_one_subscription_has_a_page_of_its_own(ada, subscription):
    page = ada.get(url("subscription", subscription.pk))

    assert soup(page).h1.text == "Supporter"
    assert soup(page).find("a", string="Back to your billing")["href"] == url(
        "overview"
    )


def test_invoices_are_filtered_by_the_address(ada, subscription):
    paid = ada.get(url("invoices"), {"status": "paid", "year": ""})
    void = ada.get(url("invoices"), {"status": "void"})
    nonsense = ada.get(url("invoices"), {"status": "eaten", "year": "then"})

    assert len(soup(paid).select("tbody tr")) == 1
    assert "No invoice fits" in words(void)
    assert len(soup(nonsense).select("tbody tr")) == 1


def test_the_years_to_choose_from_reach_back_to_the_first_invoice(
    ada, stripe_side, subscription
):
    stripe_side.advance(days=400)
    stripe_side.deliver_all()
    dates = [it.created for it in Invoice.objects.order_by("created")]

    page = ada.get(url("invoices"), {"year": dates[0].year})

    offered = [it.text for it in soup(page).select("[name=year] option")]
    assert offered == ["All", *sorted({str(it.year) for it in dates}, reverse=True)]
    assert 0 < len(soup(page).select("tbody tr")) < len(dates)


@pytest.mark.parametrize("name", ["overview", "invoices", "checkout_return"])
def test_a_visitor_is_sent_to_log_in_and_back(db, client, name):
    response = client.get(url(name), {"page": 2})

    there = urlsplit(response["Location"])
    assert response.status_code == 302
    assert there.path == "/django-admin/login/"
    assert parse_qs(there.query)["next"] == [f"{url(name)}?page=2"]


def test_a_visitors_form_is_not_repeated_after_logging_in(client, price):
    form = a_form(offer=offer_of(price.pk), next="/plans/")

    response = client.post(url("subscribe"), form)

    assert parse_qs(urlsplit(response["Location"]).query)["next"] == ["/plans/"]


def test_every_page_of_the_portal_is_private(ada, subscription):
    for name, *args in [
        ("overview",),
        ("invoices",),
        ("subscription", subscription.pk),
        ("cancel", subscription.pk),
        ("cancel_confirm", subscription.pk),
    ]:
        said = ada.get(url(name, *args))["Cache-Control"]
        assert "private" in said
        assert "no-store" in said
    assert "private" in Client().get(url("overview"))["Cache-Control"]


def test_the_pages_hold_no_secret_of_stripe(ada, subscription):
    page = ada.get(url("invoices"))

    invoice = Invoice.objects.get()
    assert invoice.data["invoice_pdf"] not in page.content.decode()
    assert "sk_test" not in page.content.decode()


def test_leaving_stripe_leads_to_the_account_page(ada, subscription):
    the_settings(return_page=the_site().root_page)

    opened = ada.post(url("hosted_portal"), a_form())

    assert opened.status_code == 303
    portal = ada.get(opened["Location"])
    assert "http://testserver/" in portal.content.decode()


def test_what_a_button_said_is_read_once(ada, subscription):
    page = ada.post(url("cancel_confirm", subscription.pk), a_form(), follow=True)
    again = ada.get(url("subscription", subscription.pk))

    assert len(soup(page).select(".billing-messages li")) == 1
    assert not soup(again).select(".billing-messages")


def test_the_way_back_is_in_the_members_language(ada, subscription, stripe_side):
    german = Locale.objects.create(language_code="de")
    home = the_site().root_page
    account = home.add_child(instance=Page(title="Account", slug="account"))
    for page, slug in ((home, "heim"), (account, "konto")):
        translated = page.copy_for_translation(german)
        translated.slug = slug
        translated.save_revision().publish()
    the_settings(return_page=account)

    for language, there in (("en", "/account/"), ("de", "/konto/")):
        spoken = {"accept-language": language}
        ada.post(url("hosted_portal"), a_form(), headers=spoken)

        assert ada.get(url("hosted_portal_return"))["Location"] == there
