"""A member rests for a while, and goes on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests.tools.shop import soup, the_settings, url, words
from wagtail_billing_portal.gateway import new_key
from wagtail_billing_portal.models import (
    Act,
    CustomerAccess,
    Invoice,
    PauseLength,
    Role,
    Subscription,
    SubscriptionAct,
)


@pytest.fixture(autouse=True)
def lengths(db: Any) -> None:
    settings = the_settings(offer_pause=True, pause_without_end=True)
    for count in (1, 2):
        PauseLength.objects.create(
            settings=settings, interval="month", interval_count=count
        )


@pytest.fixture
def ada(client, member, subscription) -> Client:
    client.force_login(member)
    return client


@pytest.fixture
def half_way(stripe_side, subscription) -> Subscription:
    """Fifteen days into the month that was paid for."""
    stripe_side.stop_clock()
    stripe_side.advance(days=15)
    return subscription


@pytest.fixture
def classic(stripe_side, subscription) -> Subscription:
    """One whose billing mode knows no real pause."""
    stripe_side.cancel(subscription.pk)
    id = stripe_side.subscribe(
        subscription.customer_id,
        subscription.price.pk,
        billing_mode={"type": "classic"},
    )
    stripe_side.deliver_all()
    return Subscription.objects.get(pk=id)


@pytest.fixture
def resting(ada, half_way) -> Subscription:
    """Paused until the member resumes."""
    send(ada, url("pause", half_way.pk), length="open")
    return half_way


def form_of(shown: Any) -> dict[str, str]:
    fields = soup(shown).select("main form[method=post] input[type=hidden]")
    return {field["name"]: field["value"] for field in fields}


def send(browser: Client, page: str, **fields: str) -> Any:
    """Send a page's form as it was shown."""
    return browser.post(page, form_of(browser.get(page)) | fields)


def status_of(stripe_side, subscription: Subscription) -> str:
    return at_stripe(stripe_side, subscription).status


def at_stripe(stripe_side, subscription: Subscription) -> Any:
    return stripe_side.client.v1.subscriptions.retrieve(subscription.pk)


def invoices(stripe_side, subscription: Subscription) -> Any:
    wanted: Any = {"subscription": subscription.pk}
    return stripe_side.client.v1.invoices.list(wanted).data


def detail(browser: Client, subscription: Subscription) -> str:
    return words(browser.get(url("subscription", subscription.pk)))


@pytest.mark.parametrize(
    ("interval", "count", "start", "end"),
    [
        ("day", 3, "2027-02-27", "2027-03-02"),
        ("week", 2, "2027-02-27", "2027-03-13"),
        ("month", 1, "2027-01-31", "2027-02-28"),
        ("month", 2, "2027-11-15", "2028-01-15"),
        ("year", 1, "2028-02-29", "2029-02-28"),
    ],
)
def test_lengths_are_counted_as_calendars_do(interval, count, start, end):
    length = PauseLength(interval=interval, interval_count=count)

    assert length.end_after(datetime.fromisoformat(start)) == datetime.fromisoformat(
        end
    )


def test_a_pause_stops_access_and_ends_by_itself(ada, stripe_side, half_way):
    page = url("pause", half_way.pk)

    shown = words(ada.get(page))
    answer = send(ada, page, length="1 month")

    assert "Credit for unused time" in shown
    assert "1 month, until" in shown
    paused = words(ada.get(answer["Location"]))
    assert "Supporter is paused until" in paused
    assert "Your subscription is paused until" in paused
    assert status_of(stripe_side, half_way) == "paused"
    assert not Subscription.objects.get(pk=half_way.pk).grants_access

    stripe_side.advance(days=32)
    stripe_side.deliver_all()

    assert status_of(stripe_side, half_way) == "active"
    assert "Resume" not in detail(ada, half_way)
    newest = invoices(stripe_side, half_way)[0]
    assert newest.total < 1200
    assert newest.status == "paid"


def test_a_pause_without_an_end_waits_for_the_member(ada, stripe_side, resting):
    assert "Your subscription is paused." in detail(ada, resting)

    stripe_side.advance(days=100)
    stripe_side.deliver_all()

    assert status_of(stripe_side, resting) == "paused"


def test_the_credit_that_was_shown_is_given(ada, stripe_side, half_way):
    shown = soup(ada.get(url("pause", half_way.pk)))
    facts = {fact.dt.text: fact.dd.text for fact in shown.select(".billing-fact")}

    send(ada, url("pause", half_way.pk), length="open")

    [credit] = stripe_side.client.v1.invoice_items.list({"pending": True}).data
    assert facts["Credit for unused time"] == f"€{-credit.amount / 100:.2f}"


def test_resuming_charges_what_was_shown(ada, stripe_side, resting):
    stripe_side.advance(days=5)
    page = url("resume", resting.pk)

    shown = words(ada.get(page))
    answer = send(ada, page)

    assert "Supporter goes on." in words(ada.get(answer["Location"]))
    assert status_of(stripe_side, resting) == "active"
    paid = invoices(stripe_side, resting)[0].amount_paid
    assert f"Pay €{paid / 100:.2f} and resume" in shown
    acts = list(SubscriptionAct.objects.order_by("pk").values_list("act", flat=True))
    assert acts == [Act.PAUSED, Act.RESUMED]


def test_resuming_early_lets_go_of_the_planned_end(ada, stripe_side, half_way):
    send(ada, url("pause", half_way.pk), length="2 month")
    stripe_side.deliver_all()

    stripe_side.advance(days=3)
    send(ada, url("resume", half_way.pk))

    assert status_of(stripe_side, half_way) == "active"
    assert Subscription.objects.get(pk=half_way.pk).resumes_at is None
    stripe_side.advance(days=70)
    stripe_side.deliver_all()
    assert status_of(stripe_side, half_way) == "active"
    assert "Pause" in detail(ada, half_way)


def test_one_may_think_better_of_it_within_the_same_second(ada, stripe_side, half_way):
    stripe_side.stop_clock()
    send(ada, url("pause", half_way.pk), length="2 month")
    assert status_of(stripe_side, half_way) == "paused"

    send(ada, url("resume", half_way.pk))

    assert status_of(stripe_side, half_way) == "active"


def test_after_a_pause_one_can_leave_as_before(ada, stripe_side, half_way):
    send(ada, url("pause", half_way.pk), length="1 month")
    stripe_side.advance(days=32)
    stripe_side.deliver_all()

    ada.post(url("cancel_confirm", half_way.pk), {"key": new_key()})

    assert at_stripe(stripe_side, half_way).cancel_at is not None


def test_one_can_leave_although_the_pause_was_short(ada, stripe_side, half_way):
    """Its schedule goes on until the period ends, and is not in the way."""
    settings = the_settings()
    PauseLength.objects.create(settings=settings, interval="day", interval_count=3)
    send(ada, url("pause", half_way.pk), length="3 day")
    stripe_side.advance(days=4)
    stripe_side.deliver_all()
    assert at_stripe(stripe_side, half_way).schedule is not None
    assert "Undo" not in detail(ada, half_way)

    ada.post(url("cancel_confirm", half_way.pk), {"key": new_key()})

    assert at_stripe(stripe_side, half_way).cancel_at is not None


def test_a_declined_payment_keeps_it_paused(ada, stripe_side, resting):
    stripe_side.stop_paying(resting.customer_id)
    stripe_side.deliver_all()

    answer = send(ada, url("resume", resting.pk))

    page = ada.get(answer["Location"])
    assert "The payment didn't go through" in words(page)
    assert "paused until its invoice is paid" in words(page)
    owed = Invoice.objects.get(status="open")
    assert url("invoice_pay", owed.pk) in page.content.decode()
    assert "Resume" not in words(page)
    assert not SubscriptionAct.objects.filter(act=Act.RESUMED).exists()

    stripe_side.settle(resting.customer_id)
    stripe_side.deliver_all()

    assert status_of(stripe_side, resting) == "active"
    assert "paused" not in detail(ada, resting)


def test_whoever_cannot_be_charged_adds_a_method_first(ada, stripe_side, resting):
    v1 = stripe_side.client.v1
    for method in v1.customers.payment_methods.list(resting.customer_id).data:
        v1.payment_methods.detach(method.id)
    stripe_side.deliver_all()

    page = ada.get(url("resume", resting.pk), follow=True)

    assert words(page).count("There is no payment method to charge.") == 2
    assert "Resume it first" not in words(page)
    assert status_of(stripe_side, resting) == "paused"


def test_in_classic_mode_only_the_invoices_rest(ada, stripe_side, classic):
    page = url("pause", classic.pk)

    shown = words(ada.get(page))
    answer = send(ada, page, length="2 month")

    assert "Your subscription itself goes on" in shown
    assert "Credit" not in shown
    assert "Nothing is charged until" in words(ada.get(answer["Location"]))
    paused = at_stripe(stripe_side, classic)
    assert (paused.status, paused.pause_collection.behavior) == ("active", "void")

    stripe_side.advance(days=40)
    stripe_side.deliver_all()
    assert invoices(stripe_side, classic)[0].status == "void"

    shown = words(ada.get(url("resume", classic.pk)))
    send(ada, url("resume", classic.pk))

    assert "Nothing is charged today." in shown
    assert at_stripe(stripe_side, classic).pause_collection is None
    assert "Nothing is charged until" not in detail(ada, classic)


def test_a_button_pressed_twice_pauses_once(ada, stripe_side, half_way):
    page = url("pause", half_way.pk)
    form = form_of(ada.get(page)) | {"length": "1 month"}

    first, second = ada.post(page, form), ada.post(page, form)

    assert first["Location"] == second["Location"]
    assert SubscriptionAct.objects.filter(act=Act.PAUSED).count() == 1


def test_a_button_pressed_twice_resumes_once(ada, stripe_side, resting):
    page = url("resume", resting.pk)
    form = form_of(ada.get(page))

    first, second = ada.post(page, form), ada.post(page, form)

    assert first["Location"] == second["Location"]
    assert len(invoices(stripe_side, resting)) == 2


def test_what_changed_in_the_meantime_is_shown_anew(ada, stripe_side, resting):
    page = url("resume", resting.pk)
    form = form_of(ada.get(page))
    fee: Any = {"customer": resting.customer_id, "amount": 700, "currency": "eur"}
    stripe_side.client.v1.invoice_items.create({**fee, "subscription": resting.pk})

    answer = ada.post(page, form)

    assert answer.status_code == 409
    assert "The amounts have changed" in words(answer)
    assert status_of(stripe_side, resting) == "paused"
    assert send(ada, page).status_code == 303
    assert status_of(stripe_side, resting) == "active"


def test_what_stripe_knows_by_now_is_not_paused_again(ada, stripe_side, half_way):
    """The site has not heard yet that somebody paused it at Stripe."""
    page = url("pause", half_way.pk)
    form = form_of(ada.get(page)) | {"length": "open"}
    stripe_side.client.v1.subscriptions.pause(half_way.pk)

    answer = ada.post(page, form, follow=True)

    assert "The payment service refused this." in words(answer)
    assert "Your subscription is paused." in words(answer)
    assert not SubscriptionAct.objects.exists()


@pytest.mark.parametrize("figures", ["", "made up"])
def test_a_forged_form_pauses_nothing(ada, stripe_side, half_way, figures):
    form = {"key": new_key(), "length": "open", "figures": figures}

    ada.post(url("pause", half_way.pk), form)

    assert status_of(stripe_side, half_way) == "active"


def test_a_length_that_is_not_offered_cannot_be_had(ada, stripe_side, half_way):
    the_settings(pause_without_end=False)

    send(ada, url("pause", half_way.pk), length="open")
    send(ada, url("pause", half_way.pk), length="36 month")

    assert status_of(stripe_side, half_way) == "active"


def test_nothing_said_means_one_month(ada, half_way):
    PauseLength.objects.all().delete()
    the_settings(pause_without_end=False)

    shown = soup(ada.get(url("pause", half_way.pk)))

    [choice] = shown.select("input[name=length]")
    assert choice["value"] == "1 month"


def test_one_may_pause_as_often_as_the_site_allows(ada, stripe_side, resting):
    the_settings(pauses_a_year=1)
    send(ada, url("resume", resting.pk))

    assert "You have paused as often as is possible" in detail(ada, resting)
    send_again = ada.get(url("pause", resting.pk), follow=True)

    assert "You have paused as often as is possible" in words(send_again)
    assert status_of(stripe_side, resting) == "active"


def test_a_viewer_neither_pauses_nor_resumes(
    client, make_member, stripe_side, half_way
):
    grace = make_member("grace")
    CustomerAccess.objects.create(
        user=grace,
        customer_id=half_way.customer_id,
        stripe_account="default",
        role=Role.VIEWER,
    )
    client.force_login(grace)

    page = client.get(url("subscription", half_way.pk)).content.decode()
    tried = client.get(url("pause", half_way.pk), follow=True)

    assert url("pause", half_way.pk) not in page
    assert "only its owner or a manager can change it" in words(tried)
    assert status_of(stripe_side, half_way) == "active"
