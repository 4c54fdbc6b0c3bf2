"""Each bad delivery has its answer, harms nothing, and heals when it can."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mirror.bad_deliveries import (
    DELIVERIES,
    KEPT,
    REFUSED,
    SECRET,
    Delivery,
)
from tests.tools.reference_tables import WEBHOOKS, written
from wagtail_billing_portal.mirror import inbox
from wagtail_billing_portal.mirror.families import FAMILIES
from wagtail_billing_portal.models import Customer, Invoice, StripeEvent


@pytest.fixture
def event(stripe_side) -> dict[str, Any]:
    stripe_side.client.v1.customers.create({"email": "ada@example.com"})
    return stripe_side.events("customer.created")[0]


def named(deliveries: list[Delivery]) -> Any:
    return pytest.mark.parametrize(
        "delivery", [pytest.param(it, id=it.name) for it in deliveries]
    )


def mirrored() -> int:
    """How many rows hold what they were told."""
    return sum(
        family.model.objects.exclude(as_of=0, stale_as_of=0).count()
        for family in FAMILIES.values()
    )


@named(REFUSED)
def test_what_is_refused_leaves_nothing_behind(event, delivery):
    assert delivery.post(event) == delivery.answer

    assert not StripeEvent.objects.exists()
    assert not mirrored()


@named([it for it in REFUSED if it.answer in (400, 413)])
def test_a_refusal_is_logged_without_what_was_sent(event, delivery, caplog):
    delivery.post(event)

    [said] = [it for it in caplog.records if it.name == "wagtail_billing_portal.inbox"]
    assert said.getMessage().startswith("A call to the webhook of 'default' is refused")
    assert SECRET not in caplog.text
    assert "ada@example.com" not in caplog.text


@named(KEPT)
def test_what_is_signed_by_stripe_is_answered_and_kept(event, delivery):
    assert delivery.post(event) == delivery.answer

    assert StripeEvent.objects.get().status == delivery.stored
    assert bool(mirrored()) is delivery.mirrored


@named([it for it in DELIVERIES if it.answer != 200])
def test_the_good_event_comes_through_afterwards(stripe_side, event, delivery):
    delivery.post(event)

    assert stripe_side.deliver(event) == 200

    assert Customer.objects.get().email == "ada@example.com"


@named([it for it in KEPT if it.stored == "pending"])
def test_what_cannot_be_applied_holds_up_nothing(stripe_side, event, delivery):
    delivery.post({**event, "id": "evt_bad"})

    assert stripe_side.deliver(event) == 200

    assert Customer.objects.get().email == "ada@example.com"
    assert inbox.drain().processed == 0


def test_a_known_id_with_other_content_changes_nothing(stripe_side, event):
    stripe_side.deliver(event)
    about = {**event["data"]["object"], "email": "eve@example.com"}

    assert stripe_side.deliver({**event, "data": {"object": about}}) == 200

    assert StripeEvent.objects.get().payload == event
    assert Customer.objects.get().email == "ada@example.com"


def test_what_waited_for_stripe_heals_when_stripe_is_back(
    stripe_side, event, monkeypatch
):
    [delivery] = [it for it in KEPT if it.name == "Stripe out of reach"]
    delivery.post(event)
    assert Invoice.objects.get().customer.is_stub

    Customer.objects.update(refresh_after=None)
    # A while later, since nobody looks twice within a second.
    monkeypatch.setattr("wagtail_billing_portal.views.webhooks._looked_at", 0.0)
    stripe_side.deliver(event)

    assert Invoice.objects.get().customer.email == "ada@example.com"


def test_the_reference_lists_them_all():
    page = WEBHOOKS.read_text()

    assert page == written(page), "`make reference` writes it anew."
