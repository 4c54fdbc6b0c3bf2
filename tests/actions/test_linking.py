"""Members and their Stripe customers: one each, made once, let go properly."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import TestCase
from wagtail.models import Site

from wagtail_billing_portal.accounts import account_for
from wagtail_billing_portal.actions.customers import ensure_customer
from wagtail_billing_portal.gateway import kept_request
from wagtail_billing_portal.models import (
    Customer,
    CustomerAccess,
    KeptRequest,
    Subscription,
)

pytestmark = pytest.mark.django_db


def customers_at_stripe(stripe_side):
    return list(stripe_side.client.v1.customers.list({"limit": 100}).data)


def test_the_first_need_makes_a_customer_and_the_second_finds_it(stripe_side, member):
    first = ensure_customer(member, stripe_account="default", language="de")
    second = ensure_customer(member, stripe_account="default", language="en")

    assert first == second
    (made,) = customers_at_stripe(stripe_side)
    assert made.email == "ada@example.com"
    assert made.preferred_locales == ["de"]
    assert made.metadata.to_dict() == {"user": str(member.pk)}


def test_a_worker_that_died_before_linking_leaves_no_second_customer(
    stripe_side, member
):
    ensure_customer(member, stripe_account="default", language="de")
    CustomerAccess.objects.all().delete()
    member.email = "new@example.com"

    ensure_customer(member, stripe_account="default", language="en")

    assert len(customers_at_stripe(stripe_side)) == 1


def test_a_customer_with_the_same_e_mail_is_never_taken_over(stripe_side, member):
    theirs = stripe_side.a_customer(email="ada@example.com")
    stripe_side.deliver_all()

    mine = ensure_customer(member, stripe_account="default")

    assert mine.pk != theirs
    assert account_for(member, site=Site.objects.get()).customer == mine


def test_each_stripe_account_has_a_customer_of_its_own(stripe_side, member):
    here = ensure_customer(member, stripe_account="default")
    there = ensure_customer(member, stripe_account="uk")

    assert here.pk != there.pk
    assert there.stripe_account == "uk"


def test_a_customer_deleted_at_stripe_is_followed_by_a_new_one(stripe_side, member):
    old = ensure_customer(member, stripe_account="default")
    stripe_side.client.v1.customers.delete(old.pk)
    stripe_side.deliver_all()

    new = ensure_customer(member, stripe_account="default")

    assert new.pk != old.pk
    assert account_for(member, site=Site.objects.get()).customer == new


@pytest.mark.parametrize(
    ("change", "field"),
    [({"email": "new@example.com"}, "email"), ({"first_name": "Ada"}, "name")],
)
def test_a_new_e_mail_or_name_reaches_stripe(stripe_side, member, change, field):
    customer = ensure_customer(member, stripe_account="default")

    with TestCase.captureOnCommitCallbacks(execute=True):
        for name, value in change.items():
            setattr(member, name, value)
        member.save()

    told = stripe_side.client.v1.customers.retrieve(customer.pk)
    assert getattr(told, field) == next(iter(change.values()))


def test_logging_in_tells_stripe_nothing(stripe_side, member, client):
    ensure_customer(member, stripe_account="default")
    before = len(stripe_side.events())

    with TestCase.captureOnCommitCallbacks(execute=True):
        client.force_login(member)

    assert len(stripe_side.events()) == before


def test_deleting_a_member_ends_the_subscription_and_keeps_the_history(
    stripe_side, member
):
    customer = ensure_customer(member, stripe_account="default")
    stripe_side.give_card(customer.pk)
    stripe_side.subscribe(customer.pk, stripe_side.a_price())
    stripe_side.deliver_all()

    with TestCase.captureOnCommitCallbacks(execute=True):
        get_user_model().objects.get(pk=member.pk).delete()

    subscription = Subscription.objects.get()
    assert subscription.is_ending
    assert subscription.data["cancel_at_period_end"]
    assert Customer.objects.get().invoices.exists()
    assert Customer.objects.get().metadata == {}
    assert not CustomerAccess.objects.exists()
    assert not KeptRequest.objects.exists()


def test_a_team_goes_on_when_one_of_it_is_deleted(stripe_side, make_member):
    ada, grace = make_member("ada"), make_member("grace")
    customer = ensure_customer(ada, stripe_account="default")
    CustomerAccess.objects.create(
        user=grace, customer=customer, stripe_account="default"
    )
    stripe_side.give_card(customer.pk)
    stripe_side.subscribe(customer.pk, stripe_side.a_price())
    stripe_side.deliver_all()

    with TestCase.captureOnCommitCallbacks(execute=True):
        ada.delete()

    assert not Subscription.objects.get().is_ending


def test_a_kept_request_is_the_first_ones_for_all(db):
    assert kept_request("p", {"a": 1}) == kept_request("p", {"a": 2})
