"""An editor of one site is offered what its Stripe account sells."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import GroupPagePermission

from tests.accounts.conftest import Shop
from tests.tools.shop import words
from wagtail_billing_portal.mirror.backfill import backfill

pytestmark = pytest.mark.django_db

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
