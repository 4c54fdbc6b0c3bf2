"""The questions a site may answer in its own way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.shortcuts import resolve_url
from django.utils.module_loading import import_string

from .conf import conf

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from .models import Price, Subscription


class DefaultBillingAdapter:
    """Subclass it and name the subclass in ``ADAPTER`` to decide otherwise."""

    def get_login_url(self) -> str:
        """Override to send visitors to another login page."""
        return resolve_url(settings.LOGIN_URL)

    def get_email(self, user: AbstractBaseUser) -> str:
        """Override when the e-mail address is kept elsewhere than on the user."""
        return str(getattr(user, user.get_email_field_name(), "") or "")

    def get_name(self, user: AbstractBaseUser) -> str:
        """Override to choose the name on the member's invoices."""
        full_name = getattr(user, "get_full_name", None)
        return str(full_name() if full_name else "")

    def get_customer_params(
        self, user: AbstractBaseUser, *, language: str
    ) -> dict[str, Any]:
        """Override to tell Stripe more about a new customer."""
        params: dict[str, Any] = {
            "email": self.get_email(user),
            "name": self.get_name(user),
            "preferred_locales": [language] if language else [],
            "metadata": {"user": str(user.pk)},
        }
        return {name: value for name, value in params.items() if value}

    def why_not_subscribe(
        self, user: AbstractBaseUser, price: Price, current: list[Subscription]
    ) -> _StrOrPromise | None:
        """Override to say who may buy what: a sentence refuses, ``None`` allows."""
        return None

    def why_not_switch(
        self, user: AbstractBaseUser, subscription: Subscription, price: Price
    ) -> _StrOrPromise | None:
        """Override to say who may change to, or add, what; as above."""
        return None

    def cancels_on_user_deletion(self, user: AbstractBaseUser) -> bool:
        """Override to let subscriptions run on when their member is deleted."""
        return True


def get_adapter() -> DefaultBillingAdapter:
    """The adapter that the settings name."""
    adapter: DefaultBillingAdapter = import_string(conf.ADAPTER)()
    return adapter
