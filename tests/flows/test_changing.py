"""A member changes plan, quantity and extras, and pays what was shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.tools.changing import (
    at_stripe,
    confirm,
    form_of,
    price_at_stripe,
    url,
)
from tests.tools.groups import group
from tests.tools.shop import account_of_user, soup, the_settings, words
from wagtail_billing_portal.gateway import new_key
from wagtail_billing_portal.models import (
    CustomerAccess,
    Price,
    Role,
    Subscription,
)
from wagtail_billing_portal.policies.catalog import may_subscribe
from wagtail_billing_portal.sandbox import faults


@pytest.fixture
def ada(client, member, subscription, plans) -> Client:
    client.force_login(member)
    return client


def newest_invoice(stripe_side, subscription: Subscription) -> Any:
    return stripe_side.client.v1.invoices.list({"subscription": subscription.pk}).data[
        0
    ]


def test_an_upgrade_charges_what_was_shown_and_at_once(
    ada, stripe_side, shop, half_way
):
    stripe_side.client.v1.subscriptions.update(
        half_way.pk,
        {"items": [{"id": half_way.first_item.pk, "price": shop.reader}]},
    )
    stripe_side.deliver_all()
    chosen = ada.get(url("change", half_way.pk))
    [to_supporter] = [
        link["href"]
        for link in soup(chosen).select("a.billing-button")
        if "Supporter · monthly" in link.text
    ]

    shown = ada.get(to_supporter)
    answer = ada.post(to_supporter, form_of(shown))

    page = ada.get(answer["Location"])
    assert "You are on Supporter · monthly now." in words(page)
    assert price_at_stripe(stripe_side, half_way) == shop.supporter
    paid = newest_invoice(stripe_side, half_way)
    assert f"Pay €{paid.amount_paid / 100:.2f} and switch" in words(shown)
    assert paid.status == "paid"


def test_a_downgrade_waits_for_the_end_of_the_period(ada, stripe_side, shop, half_way):
    page = url("change_confirm", half_way.pk, price=shop.reader)

    shown = words(ada.get(page))
    answer = confirm(ada, page)

    assert "Nothing is charged today." in shown
    assert "€5.00" in shown
    detail = words(ada.get(answer["Location"]))
    assert "Scheduled: this changes on" in detail
    assert "From then on you have: Reader · monthly, €5.00 a month" in detail
    assert price_at_stripe(stripe_side, half_way) == shop.supporter

    stripe_side.advance(days=17)
    stripe_side.deliver_all()

    assert price_at_stripe(stripe_side, half_way) == shop.reader
    assert newest_invoice(stripe_side, half_way).total == 500
    assert "Reader · monthly" in words(ada.get(url("subscription", half_way.pk)))


def test_the_page_tells_what_happened_and_what_will(ada, shop, half_way):
    confirm(ada, url("change_confirm", half_way.pk, price=shop.reader))
    scheduled = words(ada.get(url("subscription", half_way.pk)))
    ada.post(url("undo_change", half_way.pk), {"key": new_key()})
    ada.post(url("cancel_confirm", half_way.pk), {"key": new_key()})

    page = words(ada.get(url("subscription", half_way.pk)))

    assert "It changes to: Reader · monthly, €5.00 a month" in scheduled
    coming, happened = page.split("What comes next")[1].split("What happened")
    assert "It ends" in coming
    order = [
        "Cancelled",
        "Scheduled change undone",
        "Change scheduled: Reader · monthly",
        "Subscribed",
    ]
    places = [happened.index(word) for word in order]
    assert places == sorted(places)


def test_the_list_says_when_it_changes_and_no_sum_that_will_be_wrong(
    ada, shop, half_way
):
    confirm(ada, url("change_confirm", half_way.pk, price=shop.reader))

    page = words(ada.get(url("overview")))

    assert "Changes on" in page
    assert "€12.00 on" not in page


def test_a_scheduled_change_is_undone(ada, stripe_side, shop, half_way):
    confirm(ada, url("change_confirm", half_way.pk, price=shop.reader))

    answer = ada.post(url("undo_change", half_way.pk), {"key": new_key()})

    detail = words(ada.get(answer["Location"]))
    assert "Nothing changes: you keep Supporter · monthly." in detail
    assert "Changes on" not in detail
    stripe_side.advance(days=17)
    assert price_at_stripe(stripe_side, half_way) == shop.supporter
    assert at_stripe(stripe_side, half_way).schedule is None


def test_while_a_change_is_scheduled_there_is_no_other(ada, shop, half_way):
    confirm(ada, url("change_confirm", half_way.pk, price=shop.reader))

    answer = ada.get(url("change", half_way.pk), follow=True)

    assert "A change is already scheduled. Undo it first" in words(answer)


def test_another_interval_begins_a_new_period(ada, stripe_side, shop, half_way):
    page = url("change_confirm", half_way.pk, price=shop.supporter_yearly)

    shown = words(ada.get(page))
    confirm(ada, page)

    paid = newest_invoice(stripe_side, half_way)
    # A year, less the half month that was paid for already.
    assert 11_000 < paid.amount_paid < 12_000
    assert f"Pay €{paid.amount_paid / 100:.2f} and switch" in shown
    assert "Then, on" in shown
    assert "€120.00" in shown


def test_the_old_plan_stays_until_the_payment_goes_through(
    ada, stripe_side, shop, customer, half_way
):
    stripe_side.give_card(customer, "pm_card_chargeCustomerFail")
    stripe_side.deliver_all()

    answer = confirm(
        ada, url("change_confirm", half_way.pk, price=shop.supporter_yearly)
    )

    page = ada.get(answer["Location"])
    assert "The payment isn't complete yet, so nothing has changed." in words(page)
    assert "A change waits for its payment." in words(page)
    assert "Supporter · yearly, €120.00 a year" in words(page)
    assert soup(page).find("a", string="Finish the payment")
    assert soup(ada.get(url("overview"))).find("a", string="Finish the payment")
    assert price_at_stripe(stripe_side, half_way) == shop.supporter
    assert Subscription.objects.get().status == "active"

    stripe_side.settle(customer)
    stripe_side.deliver_all()

    assert price_at_stripe(stripe_side, half_way) == shop.supporter_yearly
    page = ada.get(url("subscription", half_way.pk))
    assert "waits for its payment" not in words(page)


def test_sent_twice_is_charged_once(ada, stripe_side, shop, half_way):
    page = url("change_confirm", half_way.pk, price=shop.supporter_yearly)
    form = form_of(ada.get(page))
    before = len(stripe_side.client.v1.invoices.list({}).data)

    for _click in range(2):
        ada.post(page, form)

    assert len(stripe_side.client.v1.invoices.list({}).data) == before + 1


def test_figures_that_no_longer_hold_are_shown_anew(
    ada, stripe_side, shop, customer, half_way
):
    page = url("change_confirm", half_way.pk, price=shop.supporter_yearly)
    form = form_of(ada.get(page))
    v1 = stripe_side.client.v1
    v1.customers.balance_transactions.create(
        customer, {"amount": -300, "currency": "eur"}
    )
    before = len(v1.invoices.list({}).data)

    answer = ada.post(page, form)

    assert answer.status_code == 409
    assert "The amounts have changed since this page was shown." in words(answer)
    assert "-€3.00" in words(answer)
    assert len(v1.invoices.list({}).data) == before
    assert ada.post(page, form_of(answer)).status_code == 303
    assert len(v1.invoices.list({}).data) == before + 1


@pytest.mark.parametrize("kind", faults.LOSSES)
def test_when_the_answer_is_lost_it_is_charged_once(
    ada, stripe_side, shop, half_way, kind
):
    page = url("change_confirm", half_way.pk, price=shop.supporter_yearly)
    form = form_of(ada.get(page))
    before = len(stripe_side.client.v1.invoices.list({}).data)
    faults.inject(kind, method="POST", path="/v1/subscriptions/*")

    lost = ada.post(page, form, follow=True)
    assert not faults.current().failures
    ada.post(page, form)

    assert "a repeated attempt is never charged twice" in words(lost)
    assert len(stripe_side.client.v1.invoices.list({}).data) == before + 1
    assert price_at_stripe(stripe_side, half_way) == shop.supporter_yearly
    assert "Supporter · yearly" in words(ada.get(url("subscription", half_way.pk)))


@pytest.mark.parametrize("kind", [faults.ERROR_BEFORE_WRITE, faults.ERROR_AFTER_WRITE])
def test_a_change_that_cannot_be_scheduled_leaves_everything_as_it_was(
    ada, stripe_side, shop, half_way, kind
):
    page = url("change_confirm", half_way.pk, price=shop.reader)
    form = form_of(ada.get(page))
    faults.inject(kind, method="POST", path="/v1/subscription_schedules/*")

    ada.post(page, form)
    assert at_stripe(stripe_side, half_way).schedule is None
    stripe_side.deliver_all()
    again = ada.get(page)
    ada.post(page, form_of(again))

    assert "From then on you have" in words(ada.get(url("subscription", half_way.pk)))


def test_without_stripe_nothing_is_shown_that_could_be_wrong(
    ada, stripe_side, shop, half_way
):
    faults.inject(
        faults.RESET_BEFORE_WRITE, method="POST", path="/v1/invoices/create_preview"
    )

    page = ada.get(
        url("change_confirm", half_way.pk, price=shop.supporter_yearly), follow=True
    )

    assert "The payment service can't be reached just now." in words(page)
    assert price_at_stripe(stripe_side, half_way) == shop.supporter


@pytest.mark.parametrize("figures", ["", "nonsense", "eyJhIjoxfQ:1t:x"])
def test_figures_that_nobody_showed_charge_nothing(
    ada, stripe_side, shop, half_way, figures
):
    page = url("change_confirm", half_way.pk, price=shop.supporter_yearly)

    ada.post(page, {"key": new_key(), "figures": figures})

    assert price_at_stripe(stripe_side, half_way) == shop.supporter


def test_the_figures_of_one_change_confirm_no_other(ada, stripe_side, shop, half_way):
    cheap = form_of(ada.get(url("change_confirm", half_way.pk, price=shop.reader)))

    page = url("change_confirm", half_way.pk, price=shop.supporter_yearly)
    answer = ada.post(page, cheap)

    assert answer.status_code == 409
    assert price_at_stripe(stripe_side, half_way) == shop.supporter


def test_the_figures_of_a_change_end_nothing_and_the_reverse(
    ada, stripe_side, shop, half_way
):
    the_settings(cancel_mode="either", offer_pause=True)
    pages = [
        url("change_confirm", half_way.pk, price=shop.supporter_yearly),
        url("cancel_confirm", half_way.pk),
        url("pause", half_way.pk),
    ]
    forms = [form_of(ada.get(page))["figures"] for page in pages]

    for n, page in enumerate(pages):
        other = {"key": new_key(), "figures": forms[n - 1]}
        answer = ada.post(page, {**other, "when": "now", "length": "1 month"})
        assert answer.status_code == 409

    assert price_at_stripe(stripe_side, half_way) == shop.supporter
    assert at_stripe(stripe_side, half_way).status == "active"


def test_many_of_what_nobody_counts_are_not_to_be_had(ada, shop, half_way):
    many = url("change_confirm", half_way.pk, price=shop.supporter_yearly, quantity=40)

    page = ada.get(many, follow=True)

    assert "This plan has no quantity to change." in words(page)
    assert not form_of(page).get("figures")


def test_a_price_that_is_in_no_group_is_not_to_be_had(ada, stripe_side, shop, half_way):
    for id in (shop.team, "price_invented"):
        page = ada.get(url("change_confirm", half_way.pk, price=id), follow=True)
        assert "Confirm" not in words(page)
        assert not form_of(page).get("figures")
    ada.post(
        url("change_confirm", half_way.pk, price=shop.team),
        {"key": new_key(), "figures": "x"},
    )

    assert price_at_stripe(stripe_side, half_way) == shop.supporter


def test_during_a_trial_the_page_says_what_becomes_of_it(
    ada, stripe_side, shop, customer
):
    trial = stripe_side.subscribe(customer, shop.reader, trial_period_days=14)
    stripe_side.deliver_all()
    page = url("change_confirm", trial, price=shop.supporter)

    assert "Your free trial ends with this." in words(ada.get(page))
    assert "Pay €12.00 and switch" in words(ada.get(page))
    the_settings(trial_change="continue_trial")
    assert "Your free trial goes on until its end." in words(ada.get(page))
    confirm(ada, page)

    at = stripe_side.client.v1.subscriptions.retrieve(trial)
    assert at.status == "trialing"
    assert at["items"].data[0].price.id == shop.supporter


def test_who_pays_by_invoice_is_charged_with_the_next_one(
    ada, stripe_side, shop, customer
):
    id = stripe_side.subscribe(
        customer, shop.reader, collection_method="send_invoice", days_until_due=14
    )
    stripe_side.settle(customer)
    stripe_side.deliver_all()
    page = url("change_confirm", id, price=shop.supporter)

    shown = words(ada.get(page))
    answer = confirm(ada, page)

    assert "Nothing is charged today." in shown
    assert "You are on Supporter · monthly now." in words(ada.get(answer["Location"]))


def test_a_viewer_sees_the_plan_and_cannot_change_it(
    client, make_member, stripe_side, shop, plans, subscription
):
    grace = make_member("grace")
    CustomerAccess.objects.create(
        user=grace,
        customer_id=subscription.customer_id,
        stripe_account="default",
        role=Role.VIEWER,
    )
    client.force_login(grace)

    page = client.get(url("subscription", subscription.pk))
    tried = client.get(
        url("change_confirm", subscription.pk, price=shop.reader), follow=True
    )

    assert url("change", subscription.pk) not in page.content.decode()
    assert "only its owner or a manager can change it" in words(tried)
    assert price_at_stripe(stripe_side, subscription) == shop.supporter


def test_one_plan_of_a_group_at_a_time(ada, shop, half_way):
    """P6: what is in one group is switched, what is in none goes with none."""
    group(shop.team)
    account = account_of_user(half_way.customer.access.get().user)

    codes = {
        id: may_subscribe(account, Price.objects.get(pk=id)).code
        for id in (shop.reader, shop.team)
    }

    assert codes == {shop.reader: "already_subscribed", shop.team: ""}
