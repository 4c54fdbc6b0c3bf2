"""Stripe's own page offers what the site's settings offer, as far as it can.

The names in brackets are those of the hosted portal's known limits.
"""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from tests.policies.test_hosted_plans import Choosy
from tests.tools.groups import group
from tests.tools.shop import (
    a_form,
    sold,
    subscribed,
    the_settings,
    the_site,
    url,
    words,
)
from wagtail_billing_portal.actions.configuration import (
    plan_configuration,
    push_configuration,
)
from wagtail_billing_portal.models import (
    GroupedPrice,
    PauseLength,
    PortalConfiguration,
    PortalSettings,
    Price,
)
from wagtail_billing_portal.policies.hosted_rules import differences_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def configurations(stripe_side):
    """What Stripe has now, by the plan group it is for; "" is the site's own."""

    def look() -> dict[str, dict]:
        listed = stripe_side.client.v1.billing_portal.configurations.list(
            {"active": True}
        )
        found = [it.to_dict(for_json=True) for it in listed.data]
        return {it["metadata"].get("plan_group", ""): it["features"] for it in found}

    return look


def pushed(**settings) -> PortalSettings:
    saved = the_settings(**settings)
    push_configuration(saved)
    return saved


def priced(id: str) -> Price:
    found: Price = Price.objects.get(pk=id)
    return found


def update_of(features: dict) -> dict:
    return features["subscription_update"]


def sentences() -> str:
    return " ".join(str(it.sentence) for it in differences_of(the_settings()))


def admin_page(admin_client) -> str:
    app = PortalSettings._meta.app_label
    name = "wagtailsettings:edit"
    return words(
        admin_client.get(reverse(name, args=[app, "portalsettings", the_site().pk]))
    )


def setup() -> str:
    out = StringIO()
    call_command(
        "billing_setup", "--account=default", "--base-url=https://x.test", stdout=out
    )
    return out.getvalue()


def test_each_plan_group_has_a_configuration_with_its_plans(shop, configurations):
    plans = group(shop.supporter, shop.supporter_yearly)
    seats = group(shop.team, minimum=2, maximum=20)

    pushed()

    made = configurations()
    assert set(made) == {"", str(plans.pk), str(seats.pk)}
    assert not update_of(made[""])["enabled"]
    [product] = update_of(made[str(plans.pk)])["products"]
    assert product["prices"] == [shop.supporter, shop.supporter_yearly]
    assert update_of(made[str(plans.pk)])["default_allowed_updates"] == [
        "price",
        "promotion_code",
    ]
    [product] = update_of(made[str(seats.pk)])["products"]
    assert product["adjustable_quantity"]["maximum"] == 20
    assert "quantity" in update_of(made[str(seats.pk)])["default_allowed_updates"]


def test_changes_are_charged_there_as_the_settings_say(shop, configurations):
    made = group(shop.supporter, shop.supporter_yearly)

    pushed(
        proration="create_prorations",
        billing_anchor="now",
        trial_change="continue_trial",
        wait_if_cheaper=False,
        wait_if_fewer=False,
        offer_promotion_codes=False,
    )

    update = update_of(configurations()[str(made.pk)])
    assert update["proration_behavior"] == "create_prorations"
    assert update["billing_cycle_anchor"] == "now"
    assert update["trial_update_behavior"] == "continue_trial"
    waits = update["schedule_at_period_end"]["conditions"]
    assert waits == [{"type": "shortening_interval"}]
    assert update["default_allowed_updates"] == ["price"]


def test_what_is_switched_off_afterwards_is_off_there_too(shop, configurations):
    made = str(group(shop.supporter, shop.supporter_yearly).pk)
    pushed(offer_pause=True)
    before = configurations()[made]

    pushed(
        offer_change_plan=False,
        offer_pause=False,
        offer_cancel=False,
        wait_if_cheaper=False,
        wait_if_fewer=False,
        wait_if_shorter=False,
    )

    after = configurations()[made]
    for feature in ("subscription_update", "subscription_pause", "subscription_cancel"):
        assert before[feature]["enabled"]
        assert not after[feature]["enabled"]
    assert update_of(after)["schedule_at_period_end"]["conditions"] == []


def test_a_group_that_is_gone_takes_its_configuration_along(shop, configurations):
    kept, gone = group(shop.supporter), group(shop.reader)
    pushed()

    gone.delete()
    pushed()

    assert set(configurations()) == {"", str(kept.pk)}


def test_pushing_again_makes_nothing_new(shop, configurations, stripe_side):
    group(shop.supporter)
    saved = pushed()

    assert plan_configuration(saved) == "unchanged"
    pushed()
    stripe_side.deliver_all()

    assert len(configurations()) == 2
    assert PortalConfiguration.objects.filter(active=True).count() == 2


def test_a_group_that_changed_has_to_be_pushed_again(shop):
    made = group(shop.supporter)
    saved = pushed()

    GroupedPrice.objects.create(group=made, price_id=shop.supporter_yearly)

    assert plan_configuration(saved) == "updated"
    group(shop.reader)
    push_configuration(saved)
    assert plan_configuration(saved) == "unchanged"


def test_what_stripe_lost_is_made_again(shop, configurations, stripe_side):
    made = group(shop.supporter)
    saved = pushed()
    row = PortalConfiguration.objects.get(data__metadata__plan_group=str(made.pk))
    stripe_side.world.delete(
        stripe_side.world.get("billing_portal.configuration", row.pk)
    )

    assert plan_configuration(saved) == "updated"
    push_configuration(saved)

    assert set(configurations()) == {"", str(made.pk)}
    row.refresh_from_db()
    assert row.deleted_at is not None


def test_members_come_with_the_plans_of_their_own_group(
    shop, stripe_side, member, client, configurations
):
    plans = group(shop.supporter, shop.supporter_yearly)
    group(shop.reader, shop.reader_yearly)
    client.force_login(member)
    subscribed(stripe_side, member, priced(shop.supporter))

    client.post(url("hosted_portal"), a_form())

    [event] = stripe_side.events("billing_portal.session.created")
    used = event["data"]["object"]["configuration"]
    row = PortalConfiguration.objects.get(pk=used)
    assert row.metadata["plan_group"] == str(plans.pk)


def test_members_of_two_groups_come_with_the_sites_own_configuration(
    shop, stripe_side, member, client
):
    group(shop.supporter)
    group(shop.reader)
    client.force_login(member)
    subscribed(stripe_side, member, priced(shop.supporter))
    subscribed(stripe_side, member, priced(shop.reader))

    client.post(url("hosted_portal"), a_form())

    [event] = stripe_side.events("billing_portal.session.created")
    used = event["data"]["object"]["configuration"]
    assert used == the_settings().stripe_configuration


def test_d8_of_two_prices_with_one_interval_the_first_is_offered(
    stripe_side, configurations, admin_client
):
    [monthly] = sold(stripe_side, 1200)
    other = stripe_side.client.v1.prices.create(
        {
            "product": str(monthly.product_id),
            "unit_amount": 900,
            "currency": "eur",
            "recurring": {"interval": "month"},
            "tax_behavior": "inclusive",
        }
    )
    sold(stripe_side, 1)  # Copies the catalogue.
    made = group(monthly.pk, other.id)

    told = setup()

    [product] = update_of(configurations()[str(made.pk)])["products"]
    assert product["prices"] == [monthly.pk]
    expected = (
        "“Supporter · €9.00 a month” is left out: that page has one price a product "
        "and interval."
    )
    assert expected in told
    assert expected in admin_page(admin_client)


def test_d10_of_eleven_products_ten_are_offered(
    stripe_side, configurations, admin_client
):
    prices = sold(stripe_side, *range(100, 1200, 100))
    made = group(*[it.pk for it in prices])

    told = setup()

    assert len(update_of(configurations()[str(made.pk)])["products"]) == 10
    expected = "that page has room for 10 products"
    assert expected in told
    assert expected in admin_page(admin_client)


def test_d16_pauses_need_flexible_billing_and_the_redesigned_page(
    shop, configurations, admin_client
):
    saved = the_settings(offer_pause=True)
    PauseLength.objects.create(settings=saved, interval="month", interval_count=2)
    pushed()

    pause = configurations()[""]["subscription_pause"]
    assert pause["enabled"]
    assert pause["duration"]["interval_options"] == [
        {"interval": "month", "interval_count": 2}
    ]
    page = admin_page(admin_client)
    assert "subscriptions in flexible billing mode" in page
    assert "the redesigned customer portal" in page


def test_d16_a_pause_without_an_end_is_offered_where_it_is_the_only_one(
    shop, configurations
):
    pushed(offer_pause=True, pause_without_end=True)

    duration = configurations()[""]["subscription_pause"]["duration"]
    assert duration == {"type": "indefinite", "interval_options": []}


def test_d16_pauses_that_are_limited_stay_on_the_sites_own_pages(shop, configurations):
    pushed(offer_pause=True, pauses_a_year=2)

    assert not configurations()[""]["subscription_pause"]["enabled"]
    assert "That page counts no pauses." in sentences()


def test_d18_who_may_choose_natively_has_one_way_to_cancel_there(
    shop, configurations, admin_client
):
    pushed(cancel_mode="either", cancel_settlement="credit")

    cancel = configurations()[""]["subscription_cancel"]
    assert cancel["mode"] == "at_period_end"
    assert cancel["proration_behavior"] == "none"
    assert "That page has one way to cancel" in admin_page(admin_client)


def test_d18_a_credit_for_the_time_not_used_is_never_invoiced_at_once(
    shop, configurations
):
    pushed(cancel_mode="immediately", cancel_settlement="credit")

    cancel = configurations()[""]["subscription_cancel"]
    assert cancel["mode"] == "immediately"
    assert cancel["proration_behavior"] == "create_prorations"


def test_a_promised_refund_keeps_cancelling_on_the_sites_own_pages(
    shop, configurations
):
    pushed(cancel_mode="immediately", cancel_settlement="refund")

    assert not configurations()[""]["subscription_cancel"]["enabled"]
    assert "That page pays nothing back." in sentences()


def test_a_rule_of_the_sites_own_is_not_circumvented_there(
    shop, configurations, settings
):
    made = group(shop.supporter, shop.supporter_yearly)
    settings.WAGTAIL_BILLING_PORTAL = {
        **settings.WAGTAIL_BILLING_PORTAL,
        "ADAPTER": f"{Choosy.__module__}.{Choosy.__name__}",
    }

    pushed()

    assert not update_of(configurations()[str(made.pk)])["enabled"]
    assert "Your adapter decides who may switch to what." in sentences()
