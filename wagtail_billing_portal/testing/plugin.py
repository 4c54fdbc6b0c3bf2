"""Fixtures for a site's own tests: Stripe's side, and members on this one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser

from ..actions.customers import ensure_customer
from ..models import Subscription
from .shop import Shop, open_shop
from .stripe_side import StripeSide, is_sandboxed


@pytest.fixture
def stripe_side(db: Any) -> StripeSide:
    """The Stripe of this test: an empty world that forgets everything afterwards."""
    if not is_sandboxed():
        pytest.fail("These tests talk to the sandbox only: set TRANSPORT to it.")
    return StripeSide()


@pytest.fixture
def make_member(db: Any) -> Callable[..., AbstractBaseUser]:
    """A function that makes members of the site: ``make_member("ada")``."""

    def make(name: str = "ada", **fields: Any) -> AbstractBaseUser:
        model = get_user_model()
        names = {model.USERNAME_FIELD: name, model.get_email_field_name(): _email(name)}
        member = model(**{**names, **fields})
        member.set_password("password")
        member.save()
        return member

    return make


@pytest.fixture
def member(make_member: Callable[..., AbstractBaseUser]) -> AbstractBaseUser:
    """One member, "ada", who has no Stripe customer yet."""
    return make_member()


@pytest.fixture
def shop(stripe_side: StripeSide) -> Shop:
    """A seeded world: products, prices and a promotion code, mirrored on the site."""
    return open_shop(stripe_side)


@pytest.fixture
def customer(stripe_side: StripeSide, member: AbstractBaseUser) -> str:
    """The id of the member's Stripe customer, who pays by a card."""
    linked = ensure_customer(member, stripe_account=stripe_side.alias)
    stripe_side.give_card(linked.pk)
    stripe_side.deliver_all()
    return linked.pk


@pytest.fixture
def subscription(stripe_side: StripeSide, customer: str, shop: Shop) -> Subscription:
    """The member's running subscription: Supporter, by the month."""
    id = stripe_side.subscribe(customer, shop.supporter)
    stripe_side.deliver_all()
    return Subscription.objects.get(pk=id)


def _email(name: str) -> str:
    return name if "@" in name else f"{name}@example.com"
