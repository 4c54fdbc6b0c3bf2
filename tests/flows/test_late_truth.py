"""Back from Stripe's page before any webhook: the site asks once, and believes Stripe."""

from __future__ import annotations

from io import StringIO

from django.core.management import call_command

from tests.tools.costs import watched
from tests.tools.hosted import open_page, submit
from tests.tools.shop import a_form, buttons, soup, the_settings, url, words
from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.models import (
    Act,
    RetentionOffer,
    Subscription,
    SubscriptionAct,
)
from wagtail_billing_portal.sandbox import faults
from wagtail_billing_portal.sections.words import date_words


def opened(ada, subscription, name):
    """The page at Stripe that a click on the site leads to."""
    return open_page(ada, ada.post(url(f"hosted_{name}", subscription.pk)))


def acts() -> list[str]:
    return [it.act for it in SubscriptionAct.objects.order_by("pk")]


def changed_there(ada, subscription, price):
    """Another plan, chosen and confirmed at Stripe."""
    return submit(ada, submit(ada, opened(ada, subscription, "change"), price=price))


def come_back(ada, subscription):
    return ada.get(url("hosted_return", subscription.pk), follow=True)


def test_a_new_plan_is_shown_at_once(ada, ours, shop, stripe_side):
    back = changed_there(ada, ours, shop.supporter_yearly)

    assert "You are on Supporter · yearly now." in words(back)
    assert acts() == [Act.CHANGED]
    before = Subscription.objects.get(pk=ours.pk).data
    stripe_side.deliver_shuffled(twice=True)
    assert Subscription.objects.get(pk=ours.pk).data == before


def test_the_invoice_of_a_change_is_there_too(ada, ours, shop):
    changed_there(ada, ours, shop.supporter_yearly)

    newest = ours.invoices.order_by("-created", "-pk")[0]
    assert ours.invoices.count() == 2
    assert f"€{newest.total / 100:.2f}" in words(ada.get(url("invoices")))


def test_leaving_is_shown_at_once_and_can_be_undone(ada, ours, stripe_side):
    back = submit(ada, opened(ada, ours, "cancel"))

    assert "You keep access until" in words(back)
    assert "Keep subscription" in buttons(back)
    assert acts() == [Act.CANCELLED]
    ada.post(url("undo_cancel", ours.pk), a_form())
    assert stripe_side.client.v1.subscriptions.retrieve(ours.pk).cancel_at is None


def test_an_end_at_once_is_shown_at_once(ada, ours):
    the_settings(cancel_mode="immediately", cancel_settlement="credit")

    back = submit(ada, opened(ada, ours, "cancel"))

    assert "has ended." in words(back)
    assert acts() == [Act.CANCELLED_NOW]


def test_a_pause_is_shown_at_once_with_its_end(ada, ours):
    back = submit(ada, opened(ada, ours, "pause"))

    paused = Subscription.objects.get(pk=ours.pk)
    assert f"Supporter is paused until {date_words(paused.resumes_at)}" in words(back)
    assert acts() == [Act.PAUSED]
    assert "Resume" in buttons(back)


def test_a_pause_begun_there_is_ended_here(ada, ours, stripe_side):
    submit(ada, opened(ada, ours, "pause"))
    stripe_side.advance(days=3)

    page = ada.get(url("resume", ours.pk))
    form = soup(page).select("form:has([name=figures])")[0]
    sent = {str(it["name"]): it.get("value", "") for it in form.select("[name]")}
    ada.post(url("resume", ours.pk), sent)

    assert stripe_side.client.v1.subscriptions.retrieve(ours.pk).status == "active"
    stripe_side.advance(days=40)
    assert stripe_side.client.v1.subscriptions.retrieve(ours.pk).status == "active"


def test_what_was_scheduled_there_is_shown_and_undone_here(
    ada, ours, shop, stripe_side
):
    back = changed_there(ada, ours, shop.reader)

    assert "Until then you can undo it." in words(back)
    assert "From then on you have: Reader · monthly" in words(back)
    assert "Undo this change" in buttons(back)
    assert acts() == [Act.SCHEDULED]
    undone = ada.post(url("undo_change", ours.pk), a_form(), follow=True)
    assert "Nothing changes" in words(undone)
    assert stripe_side.client.v1.subscriptions.retrieve(ours.pk).schedule is None


def test_what_was_scheduled_there_is_the_members_once_stripe_can_be_told(
    ada, ours, shop, stripe_side
):
    confirming = submit(ada, opened(ada, ours, "change"), price=shop.reader)
    submit(ada, confirming, follow=False)
    kind, path = faults.ERROR_BEFORE_WRITE, "/v1/subscription_schedules/*"
    lost = faults.Failure(kind, path=path, times=9)

    with faults.during(faults.Faults(failures=(lost,))):
        unanswered = come_back(ada, ours)
    back = come_back(ada, ours)

    assert "can't be reached just now" in words(unanswered)
    assert "Undo this change" in buttons(back)
    assert acts() == [Act.SCHEDULED]


def test_who_scheduled_there_and_never_came_back_undoes_or_leaves_here(
    ada, ours, shop, stripe_side, django_capture_on_commit_callbacks
):
    confirming = submit(ada, opened(ada, ours, "change"), price=shop.reader)
    submit(ada, confirming, follow=False)

    with django_capture_on_commit_callbacks(execute=True):
        stripe_side.deliver_shuffled(twice=True)

    page = ada.get(url("subscription", ours.pk))
    assert "From then on you have: Reader · monthly" in words(page)
    assert {"Undo this change", "Cancel subscription"} <= {*buttons(page)}


def test_another_page_that_is_opened_meanwhile_takes_nothing_away(
    ada, ours, shop, stripe_side
):
    there = opened(ada, ours, "change")
    opened(ada, ours, "cancel")

    submit(ada, submit(ada, there, price=shop.reader), follow=False)
    stripe_side.deliver_all()

    assert "Undo this change" in buttons(ada.get(url("subscription", ours.pk)))


def test_what_could_not_be_told_to_stripe_is_told_by_the_next_drain(
    ada, ours, shop, stripe_side, failed_tasks
):
    confirming = submit(ada, opened(ada, ours, "change"), price=shop.reader)
    submit(ada, confirming, follow=False)
    kind, path = faults.ERROR_BEFORE_WRITE, "/v1/subscription_schedules/*"
    lost = faults.Failure(kind, path=path, times=9)
    with faults.during(faults.Faults(failures=(lost,))):
        stripe_side.deliver_all()
    assert "Undo this change" not in buttons(ada.get(url("subscription", ours.pk)))
    failed_tasks.clear()

    call_command("billing_drain", stdout=StringIO())

    assert "Undo this change" in buttons(ada.get(url("subscription", ours.pk)))


def staff_schedules(stripe_side, ours, shop, price: str) -> str:
    """Staff agreed on another price from the next period on; the schedule's id."""
    schedules = stripe_side.client.v1.subscription_schedules
    made = schedules.create({"from_subscription": ours.pk})
    [running] = made.phases
    now = {
        "items": [{"price": shop.supporter}],
        "start_date": running.start_date,
        "end_date": running.end_date,
    }
    month = {"interval": "month", "interval_count": 12}
    later = {"items": [{"price": price}], "duration": month}
    schedules.update(made.id, {"phases": [now, later]})
    return made.id


def test_what_staff_scheduled_meanwhile_stays_theirs(ada, ours, shop, stripe_side):
    opened(ada, ours, "change")
    made = staff_schedules(stripe_side, ours, shop, shop.team)

    back = come_back(ada, ours)

    assert "From then on you have: Bakery team" in words(back)
    assert "Undo this change" not in buttons(back)
    schedules = stripe_side.client.v1.subscription_schedules
    assert "managed_by" not in schedules.retrieve(made).metadata


def test_what_staff_scheduled_when_the_page_was_long_closed_stays_theirs(
    ada, ours, shop, stripe_side, django_capture_on_commit_callbacks
):
    opened(ada, ours, "change")
    stripe_side.advance(seconds=3 * 60 * 60)
    staff_schedules(stripe_side, ours, shop, shop.reader)

    with django_capture_on_commit_callbacks(execute=True):
        stripe_side.deliver_all()
    back = come_back(ada, ours)

    assert "From then on you have: Reader · monthly" in words(back)
    assert "Undo this change" not in buttons(back)


def test_an_offer_that_was_accepted_there_is_not_made_again(
    ada, ours, offered, shop, stripe_side
):
    list(backfill("default", only=["coupon"]))
    RetentionOffer.objects.create(settings=offered, coupon_id=shop.coupon)

    back = submit(ada, opened(ada, ours, "cancel"))

    assert "goes on, and the offer is applied." in words(back)
    assert acts() == [Act.ACCEPTED]
    again = ada.post(url("cancel", ours.pk), a_form(reason="unused"))
    assert again["Location"] == url("cancel_confirm", ours.pk)


def test_an_offer_counts_although_nobody_came_back(
    ada, ours, offered, shop, stripe_side
):
    list(backfill("default", only=["coupon"]))
    RetentionOffer.objects.create(settings=offered, coupon_id=shop.coupon)
    submit(ada, opened(ada, ours, "cancel"), follow=False)
    stripe_side.deliver_all()

    again = ada.post(url("cancel", ours.pk), a_form(reason="unused"))

    assert again["Location"] == url("cancel_confirm", ours.pk)
    assert acts() == [Act.ACCEPTED]


def test_a_webhook_that_was_faster_takes_nothing_away(ada, ours, stripe_side):
    there = opened(ada, ours, "cancel")
    submit(ada, there, follow=False)
    stripe_side.deliver_all()

    back = come_back(ada, ours)

    assert "Supporter · monthly is cancelled." in words(back)
    assert acts() == [Act.CANCELLED]


def test_stripe_is_asked_once(ada, ours):
    opened(ada, ours, "cancel")

    with watched() as first:
        ada.get(url("hosted_return", ours.pk))
    with watched() as second:
        ada.get(url("hosted_return", ours.pk))

    assert first.requests == [f"GET /v1/subscriptions/{ours.pk}"]
    assert second.requests == []


def test_a_forged_return_asks_and_changes_nothing(ada, ours, stripe_side):
    stripe_side.client.v1.subscriptions.update(ours.pk, {"cancel_at_period_end": True})

    with watched() as cost:
        query = "?session_id=x&act=cancel&subscription=sub_other"
        back = ada.get(url("hosted_return", ours.pk) + query)

    assert back["Location"] == url("subscription", ours.pk)
    assert cost.requests == []
    assert acts() == []


def test_who_turns_back_has_done_nothing(ada, ours, stripe_side):
    opened(ada, ours, "pause")
    # Somebody else did something meanwhile, which is not what that page was for.
    stripe_side.client.v1.subscriptions.update(ours.pk, {"cancel_at_period_end": True})

    back = come_back(ada, ours)

    assert "Keep subscription" in buttons(back)
    assert acts() == []


def test_when_stripe_cannot_be_asked_one_can_come_back_again(ada, ours):
    there = opened(ada, ours, "cancel")
    submit(ada, there, follow=False)
    kind, path = faults.ERROR_BEFORE_WRITE, "/v1/subscriptions/*"
    lost = faults.Failure(kind, method="GET", path=path, times=9)

    with faults.during(faults.Faults(failures=(lost,))):
        unanswered = come_back(ada, ours)
    back = come_back(ada, ours)

    assert "can't be reached just now" in words(unanswered)
    assert "is cancelled." in words(back)


def back_from_portal(ada):
    return ada.get(url("hosted_portal_return"), follow=True)


def test_what_was_done_in_the_portal_as_a_whole_is_shown_at_once(
    ada, ours, stripe_side, customer
):
    ada.post(url("hosted_portal"), a_form(next=url("subscription", ours.pk)))
    v1 = stripe_side.client.v1
    v1.subscriptions.update(ours.pk, {"cancel_at_period_end": True})
    stripe_side.give_card(customer, "pm_card_mastercard")

    back = back_from_portal(ada)

    assert back.request["PATH_INFO"] == url("subscription", ours.pk)
    assert "Keep subscription" in buttons(back)
    assert "Mastercard" in words(back)
    assert acts() == [Act.CANCELLED]


def test_one_can_come_back_from_the_portal_again_where_stripe_cannot_be_asked(
    ada, ours, stripe_side
):
    ada.post(url("hosted_portal"), a_form(next=url("subscription", ours.pk)))
    stripe_side.client.v1.subscriptions.update(ours.pk, {"cancel_at_period_end": True})
    path = "/v1/subscriptions/*"
    lost = faults.Failure(faults.ERROR_BEFORE_WRITE, method="GET", path=path, times=9)

    with faults.during(faults.Faults(failures=(lost,))):
        unanswered = back_from_portal(ada)
    back = back_from_portal(ada)

    assert "can't be reached just now" in words(unanswered)
    assert "Keep subscription" in buttons(back)
    assert acts() == [Act.CANCELLED]


def test_a_made_up_return_from_the_portal_asks_nothing(ada, ours):
    with watched() as cost:
        back = back_from_portal(ada)

    assert back.status_code == 200
    assert cost.requests == []


def test_the_portals_return_leads_to_no_foreign_address(ada, ours):
    ada.post(url("hosted_portal"), a_form(next="https://evil.example/"))

    back = ada.get(url("hosted_portal_return") + "?next=https://evil.example/")

    assert back["Location"].startswith("/")
