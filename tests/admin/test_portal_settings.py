from __future__ import annotations

from django.urls import reverse

from tests.tools.shop import soup, the_settings, the_site, words
from wagtail_billing_portal.models import PortalSettings

FORM = {
    "stripe_account": "default",
    "headline": "My bread account",
    "cancel_mode": "at_period_end",
    "cancel_reasons": ["unused", "other"],
    "offer_invoices": "on",
}


def edit_url() -> str:
    app = PortalSettings._meta.app_label
    return reverse("wagtailsettings:edit", args=[app, "portalsettings", the_site().pk])


def test_the_settings_form_says_what_members_will_see(admin_client):
    the_settings()

    page = admin_client.get(edit_url())

    assert "Members see their invoices and download them." in words(page)
    assert len(soup(page).select("[name=cancel_reasons]")) == 8
    assert soup(page).select_one("#icon-credit-card") or "credit-card" in str(
        page.content
    )


def test_saving_keeps_what_was_chosen(admin_client):
    response = admin_client.post(edit_url(), FORM)

    saved = PortalSettings.for_site(the_site())
    assert response.status_code == 302
    assert saved.headline == "My bread account"
    assert saved.cancel_reasons == ["unused", "other"]
    assert (saved.offer_invoices, saved.offer_cancel) == (True, False)


def test_the_icon_of_the_portal_is_in_the_admin(admin_client):
    sprite = admin_client.get(reverse("wagtailadmin_sprite"))

    assert "icon-credit-card" in sprite.content.decode()
