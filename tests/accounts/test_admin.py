"""An editor of one site is offered what its Stripe account sells."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import GroupPagePermission

from tests.accounts.conftest import Shop
from tests.tools.shop import words
from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.models import EventStatus, StripeEvent

pytestmark = pytest.mark.django_db

EVENTS = "wagtail_billing_portal_events"
CHOOSE = "wagtail_billing_portal_prices:choose"
CHOSEN = "wagtail_billing_portal_prices:chosen"
CHOSEN_MULTIPLE = "wagtail_billing_portal_prices:chosen_multiple"


@pytest.fixture
def stocked(shops) -> list[Shop]:
    for shop in shops:
        shop.price = shop.side.a_price(product=shop.product)
        list(backfill(shop.alias, only=["product", "price"]))
    return shops


@pytest.fixture
def editor(client, member, stocked):
    """Somebody who edits the pages of the first site."""
    group = Group.objects.create(name="Editors here")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupPagePermission.objects.create(
        group=group,
        page=stocked[0].site.root_page,
        permission=Permission.objects.get(codename="change_page"),
    )
    member.groups.add(group)
    client.force_login(member)
    return client


def test_the_chooser_offers_the_prices_of_ones_own_site(editor, stocked):
    here, there = stocked

    offered = words(editor.get(reverse(CHOOSE)).json()["html"])

    assert here.product in offered
    assert there.product not in offered


def test_what_was_not_offered_cannot_be_chosen(editor, stocked):
    here, there = stocked

    answers = [editor.get(reverse(CHOSEN, args=[it.price])) for it in stocked]
    several = editor.get(
        reverse(CHOSEN_MULTIPLE), {"id": [shop.price for shop in stocked]}
    )

    assert [answer.status_code for answer in answers] == [200, 404]
    assert [it["id"] for it in several.json()["result"]] == [here.price]


def test_whoever_edits_both_sites_is_offered_all(admin_client, stocked):
    offered = words(admin_client.get(reverse(CHOOSE)).json()["html"])

    assert all(shop.product in offered for shop in stocked)


@pytest.fixture
def watcher(editor, member):
    """The same person, who looks after Stripe's events as well."""
    named = Permission.objects.filter(codename__endswith="_stripeevent")
    member.user_permissions.set(named)
    return editor


@pytest.fixture
def failed(stocked) -> list[StripeEvent]:
    """An event that was given up on each account."""
    for shop in stocked:
        shop.side.deliver_all()
    prices = StripeEvent.objects.filter(type="price.created")
    prices.update(status=EventStatus.FAILED)
    return [prices.get(stripe_account=shop.alias) for shop in stocked]


def test_the_report_tells_of_ones_own_account(watcher, stocked, failed):
    here, there = stocked

    report = words(watcher.get(reverse(f"{EVENTS}:index")))
    home = words(watcher.get(reverse("wagtailadmin_home")))
    exported = watcher.get(reverse(f"{EVENTS}:index"), {"export": "csv"})
    table = b"".join(exported.streaming_content).decode()

    assert here.alias in report
    assert there.alias not in report
    assert there.alias not in home
    assert failed[0].pk in table
    assert failed[1].pk not in table


def test_an_event_of_the_other_account_is_not_there(watcher, stocked, failed):
    seen = [watcher.get(reverse(f"{EVENTS}:inspect", args=[it.pk])) for it in failed]
    tried = [watcher.post(reverse(f"{EVENTS}:retry", args=[it.pk])) for it in failed]
    watcher.post(reverse(f"{EVENTS}:retry_all"))

    failed[1].refresh_from_db()
    assert [answer.status_code for answer in seen] == [200, 404]
    assert [answer.status_code for answer in tried] == [302, 404]
    assert failed[1].status == EventStatus.FAILED
