"""``billing_setup`` says what it is about to do, and does only what is to be done."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from wagtail_billing_portal.mirror.inbox import handled_events
from wagtail_billing_portal.models import Coupon, KeptRequest, PortalSettings, Price
from wagtail_billing_portal.sandbox.models import StoredObject

pytestmark = pytest.mark.django_db

NOTHING = "nothing was to be done"


def setup(*words: str) -> str:
    out = StringIO()
    call_command(
        "billing_setup",
        "--account",
        "default",
        "--base-url",
        "https://x.test",
        *words,
        stdout=out,
    )
    return out.getvalue()


def everything() -> list[list[tuple[object, ...]]]:
    models = (StoredObject, PortalSettings, KeptRequest, Price)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def test_a_dry_run_tells_all_and_changes_nothing(stripe_side):
    stripe_side.a_price()
    before = everything()

    told = setup("--dry-run")

    assert everything() == before
    assert "webhook would be created, https://x.test/billing/webhooks/default/" in told
    assert f"it would be sent {', '.join(handled_events())}" in told
    assert "portal of localhost would be created" in told
    assert "2 products, prices and coupons, 2 new or changed" in told


def test_a_second_run_has_nothing_to_do(stripe_side):
    stripe_side.a_price()
    first = setup()
    before = everything()

    second, dry = setup(), setup("--dry-run")

    assert "2 new or changed; copied" in first
    assert NOTHING not in first
    assert NOTHING in second
    assert "nothing is to be done" in dry
    assert everything() == before


def test_a_dry_run_tells_what_is_amiss(stripe_side):
    price = stripe_side.a_price()
    setup()
    v1 = stripe_side.client.v1
    v1.webhook_endpoints.update(
        v1.webhook_endpoints.list().data[0].id,
        {"enabled_events": [*handled_events()[1:], "charge.refunded"]},
    )
    v1.prices.update(price, {"nickname": "Loaf"})
    PortalSettings.objects.update(headline="My bread")

    dry, told = setup("--dry-run"), setup()

    assert "webhook would be updated" in dry
    assert f"it would be sent {handled_events()[0]}\n" in dry
    assert "it would not be sent any more charge.refunded\n" in dry
    assert "portal of localhost would be updated" in dry
    assert "1 new or changed" in dry
    assert NOTHING not in told
    assert NOTHING in setup()
    assert Price.objects.get().data["nickname"] == "Loaf"


def test_what_editors_choose_from_is_there_afterwards(stripe_side):
    price = stripe_side.a_price()
    coupon = stripe_side.client.v1.coupons.create({"percent_off": 20})

    setup()

    assert Price.objects.get().pk == price
    assert Coupon.objects.get().pk == coupon.id


def test_what_was_deleted_at_stripe_is_made_again(stripe_side):
    setup()
    endpoints = stripe_side.client.v1.webhook_endpoints
    for _time in range(2):
        endpoints.delete(endpoints.list().data[0].id)

        told = setup()

        assert "webhook created" in told
        assert len(endpoints.list().data) == 1
