"""Fixtures for a site's own tests: Stripe's side, and members on this one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser

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


def _email(name: str) -> str:
    return name if "@" in name else f"{name}@example.com"
