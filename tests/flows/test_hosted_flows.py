"""The same act on Stripe's page: reached by a click, and back with the new state."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.tools.groups import group
from tests.tools.hosted import open_page, submit
from tests.tools.shop import a_form, soup, the_settings, url, words
from wagtail_billing_portal.actions.configuration import push_configuration
from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.models import (
    GroupedPrice,
    PauseLength,
    PortalConfiguration,
    RetentionOffer,
)

OTHER_WAY = "Or do this on Stripe's page"


def hosted_url(page) -> str:
    """Where the page's link to Stripe's leads; empty if it has none."""
    forms = soup(page).select("form.billing-other-way")
    return str(forms[0]["action"]) if forms else ""


def go(ada, page):
    """Press the link to Stripe's page."""
    assert OTHER_WAY in words(page)
    return ada.post(hosted_url(page))


def session_of(stripe_side) -> dict:
    return stripe_side.events("billing_portal.session.created")[-1]["data"]["object"]


def test_another_plan_is_chosen_and_confirmed_there(ada, ours, shop, stripe_side):
    there = open_page(ada, go(ada, ada.get(url("change", ours.pk))))

    assert "Supporter" in words(there)
    assert "Reader" in words(there)
    confirming = submit(ada, there, price=shop.supporter_yearly)
    back = submit(ada, confirming)

    assert back.request["PATH_INFO"] == url("subscription", ours.pk)
    at_stripe = stripe_side.client.v1.subscriptions.retrieve(ours.pk)
    assert at_stripe["items"].data[0].price.id == shop.supporter_yearly


def test_a_plan_chosen_here_is_confirmed_there(ada, ours, shop, stripe_side):
    query = f"?price={shop.supporter_yearly}"
    page = ada.get(url("change_confirm", ours.pk) + query)

    there = open_page(ada, go(ada, page))
    submit(ada, there)

    flow = session_of(stripe_side)["flow"]
    assert flow["type"] == "subscription_update_confirm"
    at_stripe = stripe_side.client.v1.subscriptions.retrieve(ours.pk)
    assert at_stripe["items"].data[0].price.id == shop.supporter_yearly


def test_leaving_is_done_there_as_well(ada, ours, stripe_side):
    for name in ("cancel", "cancel_confirm"):
        assert hosted_url(ada.get(url(name, ours.pk))) == url("hosted_cancel", ours.pk)

    there = open_page(ada, ada.post(url("hosted_cancel", ours.pk)))
    back = submit(ada, there)

    assert back.request["PATH_INFO"] == url("subscription", ours.pk)
    at_stripe = stripe_side.client.v1.subscriptions.retrieve(ours.pk)
    assert at_stripe.cancel_at is not None


def test_a_pause_is_begun_there_as_well(ada, ours, offered, stripe_side):
    PauseLength.objects.create(settings=offered, interval="month", interval_count=2)

    there = open_page(ada, go(ada, ada.get(url("pause", ours.pk))))
    assert "2 months" in words(there)
    submit(ada, there)

    assert stripe_side.client.v1.subscriptions.retrieve(ours.pk).status == "paused"


@pytest.mark.parametrize(
    ("kind", "coupon"), [("coupon", True), ("free_months", True), ("pause", False)]
)
def test_what_fits_who_leaves_is_offered_there(
    ada, ours, offered, stripe_side, shop, kind, coupon
):
    own = shop.coupon if kind == "coupon" else None
    RetentionOffer.objects.create(
        settings=offered, kind=kind, coupon_id=_coupon(own), months=2
    )

    ada.post(url("hosted_cancel", ours.pk))

    retention = session_of(stripe_side)["flow"]["subscription_cancel"]["retention"]
    assert (retention is not None) is coupon
    if own:
        assert retention["coupon_offer"]["coupon"] == own


def test_the_offer_is_the_one_for_the_reason_that_was_given(
    ada, ours, offered, stripe_side, shop
):
    RetentionOffer.objects.create(
        settings=offered, coupon_id=_coupon(shop.coupon), reasons=["too_expensive"]
    )

    ada.post(url("hosted_cancel", ours.pk))
    without = session_of(stripe_side)["flow"]["subscription_cancel"]["retention"]
    ada.post(url("cancel", ours.pk), a_form(reason="too_expensive"))
    ada.post(url("hosted_cancel", ours.pk))
    having = session_of(stripe_side)["flow"]["subscription_cancel"]["retention"]

    assert without is None
    assert having["coupon_offer"]["coupon"] == shop.coupon


ACTS = ("change", "pause", "cancel")


@pytest.mark.parametrize("act", ACTS)
def test_where_the_site_wants_it_so_the_button_leads_straight_there(ada, ours, act):
    the_settings(**{f"{act}_place": "stripe"})

    page = soup(ada.get(url("subscription", ours.pk)))
    straight = [it for it in ACTS if page.find(action=url(f"hosted_{it}", ours.pk))]
    links = [it for it in ACTS if page.find(href=url(it, ours.pk))]

    assert straight == [act]
    assert links == [it for it in ACTS if it != act]
    assert ada.post(url(f"hosted_{act}", ours.pk)).status_code == 303


def test_what_that_page_cannot_do_keeps_its_button_here(
    ada, shop, stripe_side, customer, offered
):
    the_settings(change_place="stripe")
    id = stripe_side.subscribe(customer, shop.supporter, shop.team)
    stripe_side.deliver_all()

    page = soup(ada.get(url("subscription", id)))

    assert page.find(href=url("change", id))
    assert not page.find(action=url("hosted_change", id))


@pytest.mark.parametrize("act", ACTS)
def test_where_the_site_wants_it_so_there_is_no_way_there(ada, ours, stripe_side, act):
    settings = the_settings(**{f"{act}_place": "ours"})
    push_configuration(settings)

    page = ada.get(url(act, ours.pk))
    ada.post(url(f"hosted_{act}", ours.pk))

    assert page.status_code == 200
    assert OTHER_WAY not in words(page)
    assert not stripe_side.events("billing_portal.session.created")
    for row in PortalConfiguration.objects.all():
        feature = {"change": "update"}.get(act, act)
        assert not row.data["features"][f"subscription_{feature}"]["enabled"]


def test_no_page_has_an_address_of_stripes(ada, ours):
    for name in ("change", "cancel", "cancel_confirm", "pause"):
        page = ada.get(url(name, ours.pk)).content.decode()

        assert "/stripe-sandbox/portal/" not in page
        assert "billing.stripe.com" not in page


def test_every_click_makes_an_address_of_its_own(ada, ours):
    first, second = (ada.post(url("hosted_cancel", ours.pk)) for _click in range(2))

    assert first["Location"] != second["Location"]


def test_the_way_back_is_the_sites_own(ada, ours, stripe_side):
    ada.post(url("hosted_cancel", ours.pk), {"next": "https://evil.example/"})

    session = session_of(stripe_side)
    there = session["flow"]["after_completion"]["redirect"]["return_url"]
    assert there == session["return_url"]
    assert urlsplit(there)[1:3] == ("testserver", url("hosted_return", ours.pk))


def test_the_plans_are_those_of_the_subscriptions_own_group(
    ada, ours, plans, shop, stripe_side, customer
):
    group(shop.team, maximum=9)
    stripe_side.subscribe(customer, shop.team)
    stripe_side.deliver_all()

    ada.post(url("hosted_change", ours.pk))

    used = PortalConfiguration.objects.get(pk=session_of(stripe_side)["configuration"])
    assert used.metadata["plan_group"] == str(plans.pk)


def test_seats_are_counted_there_too(ada, shop, stripe_side, customer, offered):
    group(shop.team, maximum=9)
    id = stripe_side.subscribe(customer, shop.team)
    stripe_side.deliver_all()

    there = open_page(ada, go(ada, ada.get(url("quantity", id))))
    confirming = submit(ada, there, quantity=4)
    submit(ada, confirming)

    at_stripe = stripe_side.client.v1.subscriptions.retrieve(id)
    assert at_stripe["items"].data[0].quantity == 4


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ({"offer_hosted_portal": False}, "change"),
        ({"offer_hosted_portal": False}, "cancel"),
        ({"offer_hosted_portal": False}, "pause"),
        ({"pauses_a_year": 3}, "pause"),
        ({"cancel_mode": "immediately", "cancel_settlement": "refund"}, "cancel"),
    ],
)
def test_where_that_page_must_not_do_it_there_is_no_way_there(
    ada, ours, stripe_side, setting, name
):
    the_settings(**setting)

    page = ada.get(url(name, ours.pk), follow=True)
    ada.post(url(f"hosted_{name}", ours.pk))

    assert OTHER_WAY not in words(page)
    assert not stripe_side.events("billing_portal.session.created")


def test_d1_several_items_are_changed_here_and_cancelled_there(
    ada, shop, stripe_side, customer, offered
):
    id = stripe_side.subscribe(customer, shop.supporter, shop.team)
    stripe_side.deliver_all()

    refused = ada.post(url("hosted_change", id), follow=True)

    assert "changes only subscriptions to one thing" in words(refused)
    assert OTHER_WAY not in words(ada.get(url("change", id)))
    assert OTHER_WAY in words(ada.get(url("cancel", id)))


def test_d3_what_is_paid_by_invoice_is_changed_here_alone(
    ada, shop, stripe_side, customer, offered
):
    id = stripe_side.subscribe(
        customer,
        shop.supporter,
        collection_method="send_invoice",
        days_until_due=30,
    )
    stripe_side.deliver_all()

    assert OTHER_WAY not in words(ada.get(url("change", id)))
    assert OTHER_WAY in words(ada.get(url("cancel", id)))


def test_d6_a_scheduled_change_is_undone_here_before_leaving_there(
    ada, ours, shop, stripe_side
):
    query = f"?price={shop.reader}"
    page = ada.get(url("change_confirm", ours.pk) + query)
    form = soup(page).select("form:has([name=figures])")[0]
    sent = {str(it["name"]): it.get("value", "") for it in form.select("[name]")}
    ada.post(url("change_confirm", ours.pk) + query, sent)

    leaving = ada.get(url("cancel", ours.pk))
    refused = ada.post(url("hosted_cancel", ours.pk), follow=True)

    assert "Continue to cancel" in words(leaving)
    assert OTHER_WAY not in words(leaving)
    assert "can't do this while a change is scheduled" in words(refused)


def test_d16_classic_billing_is_paused_here_alone(
    ada, shop, stripe_side, customer, offered
):
    mode = {"type": "classic"}
    id = stripe_side.subscribe(customer, shop.supporter, billing_mode=mode)
    stripe_side.deliver_all()

    page = ada.get(url("pause", id))

    assert "Your subscription itself goes on" in words(page)
    assert OTHER_WAY not in words(page)


def test_a_plan_that_page_has_no_room_for_is_confirmed_here(
    ada, ours, plans, shop, stripe_side
):
    other = stripe_side.client.v1.prices.create(
        {
            "product": str(ours.price and ours.price.product_id),
            "unit_amount": 1300,
            "currency": "eur",
            "recurring": {"interval": "month"},
            "tax_behavior": "inclusive",
        }
    )
    stripe_side.deliver_all()
    GroupedPrice.objects.create(group=plans, price_id=other.id, sort_order=9)

    page = ada.get(url("change_confirm", ours.pk) + f"?price={other.id}")

    assert "Pay €" in words(page)
    assert OTHER_WAY not in words(page)


def _coupon(id: str | None) -> str | None:
    """The coupon, as the mirror has it."""
    list(backfill("default", only=["coupon"]))
    return id
