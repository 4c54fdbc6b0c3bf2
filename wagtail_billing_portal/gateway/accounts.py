"""Stripe accounts by alias: what the settings say about each."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..conf import conf
from ..exceptions import BillingNotConfigured

LIVE_PREFIXES = ("sk_live_", "rk_live_")
SANDBOX_PREFIXES = ("sk_test_sandbox", "rk_test_sandbox")


@dataclass(frozen=True)
class StripeAccount:
    """One Stripe account: keys stay in memory, rows only carry the alias."""

    alias: str
    secret_key: str = field(repr=False)
    publishable_key: str = ""
    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    connected_account: str | None = None

    @property
    def is_live(self) -> bool:
        return self.secret_key.startswith(LIVE_PREFIXES)

    @property
    def is_sandbox(self) -> bool:
        """Its key opens the sandbox only."""
        return self.secret_key.startswith(SANDBOX_PREFIXES)


def account_by_alias(alias: str) -> StripeAccount:
    """The account that settings call ``alias``. Raises ``BillingNotConfigured``."""
    try:
        entry = conf.ACCOUNTS[alias]
    except KeyError as error:
        raise BillingNotConfigured(
            f"WAGTAIL_BILLING_PORTAL['ACCOUNTS'] has no account {alias!r}. Add it, or "
            "choose another Stripe account in the portal settings of the site."
        ) from error
    if not (secret_key := entry.get("SECRET_KEY")):
        raise BillingNotConfigured(
            f"WAGTAIL_BILLING_PORTAL['ACCOUNTS'][{alias!r}] has no SECRET_KEY."
        )
    return StripeAccount(
        alias=alias,
        secret_key=secret_key,
        publishable_key=entry.get("PUBLISHABLE_KEY") or "",
        webhook_secrets=tuple(filter(None, entry.get("WEBHOOK_SECRETS") or ())),
        connected_account=entry.get("STRIPE_ACCOUNT") or None,
    )


def all_accounts() -> list[StripeAccount]:
    """Every configured account, in the order of the settings."""
    return [account_by_alias(alias) for alias in conf.ACCOUNTS]
