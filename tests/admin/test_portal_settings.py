from __future__ import annotations

import pytest
from django.urls import reverse

from tests.tools.groups import group
from tests.tools.shop import account_of_user, soup, the_settings, the_site, words
from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.models import PortalSettings

FORM = {
    "stripe_account": "default",
    "headline": "My bread account",
    "cancel_mode": "at_period_end",
    "cancel_reasons": ["unused", "other"],
    "cancel_settlement": "nothing",
    "change_place": "both",
    "pause_place": "both",
    "cancel_place": "both",
    "proration": "always_invoice",
    "billing_anchor": "unchanged",
    "trial_change": "end_trial",
    "offer_invoices": "on",
}


for inline in (
    "plan_groups",
    "pause_lengths",
    "own_reasons",
    "retention_offers",
):
    FORM |= {f"{inline}-TOTAL_FORMS": "0", f"{inline}-INITIAL_FORMS": "0"}


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


def group_of(prices: list[str], **fields: str) -> dict[str, str]:
    """One plan group with these prices, as the admin's form sends it."""
    sent = {
        "plan_groups-TOTAL_FORMS": "1",
        "plan_groups-0-name": "Plans",
        "plan_groups-0-ORDER": "1",
        "plan_groups-0-plans-TOTAL_FORMS": str(len(prices)),
        "plan_groups-0-plans-INITIAL_FORMS": "0",
    }
    for place, price in enumerate(prices):
        row = f"plan_groups-0-plans-{place}"
        given = {"price": price, "minimum": "1", "maximum": "1", **fields}
        sent |= {f"{row}-{name}": value for name, value in given.items()}
        sent[f"{row}-ORDER"] = str(place + 1)
    return sent


def test_an_editor_makes_a_plan_group(admin_client, shop):
    plans = [shop.supporter, shop.reader]

    response = admin_client.post(edit_url(), FORM | group_of(plans))

    [made] = PortalSettings.for_site(the_site()).plan_groups.all()
    assert response.status_code == 302
    assert [plan.price_id for plan in made.plans.all()] == plans
    assert words(admin_client.get(edit_url())).count("Members switch between") >= 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"minimum": "0"}, "Members take at least one unit."),
        ({"minimum": "5", "maximum": "3"}, "That is less than the smallest quantity."),
        ({"maximum": "1000000"}, "At most 100000 units can be allowed."),
    ],
)
def test_bounds_that_fit_no_quantity_are_refused(admin_client, shop, fields, sentence):
    response = admin_client.post(edit_url(), FORM | group_of([shop.reader], **fields))

    assert sentence in words(response)
    assert not PortalSettings.for_site(the_site()).plan_groups.exists()


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"tax_behavior": "unspecified"}, "does not know whether tax is in this price"),
        ({"recurring": None}, "This price is paid once."),
    ],
)
def test_a_price_that_nobody_could_switch_to_is_refused(
    admin_client, stripe_side, params, sentence
):
    """Limit D7: said to the editor, with the reason, instead of to the member."""
    wanted = {name: value for name, value in params.items() if value}
    price = stripe_side.a_price(700, **wanted) if wanted else once(stripe_side)
    list(backfill("default", only=["product", "price"]))

    response = admin_client.post(edit_url(), FORM | group_of([price]))

    assert sentence in words(response)


def once(stripe_side) -> str:
    """A price that is paid once."""
    return stripe_side.client.v1.prices.create(
        {"unit_amount": 900, "currency": "eur", "product_data": {"name": "Mug"}}
    ).id


def test_groups_are_read_in_as_many_queries_however_many_there_are(
    shop, member, django_assert_num_queries
):
    for count in (1, 6):
        group(shop.reader, shop.supporter, shop.team)
        account = account_of_user(member)
        assert account.settings
        with django_assert_num_queries(4):
            names = [
                str(plan.price) for it in account.plan_groups for plan in it.plans.all()
            ]
        assert len(names) >= 3 * min(count, 2)


def test_the_icon_of_the_portal_is_in_the_admin(admin_client):
    sprite = admin_client.get(reverse("wagtailadmin_sprite"))

    assert "icon-credit-card" in sprite.content.decode()
