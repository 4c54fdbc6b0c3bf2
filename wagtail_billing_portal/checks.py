"""System checks: what is missing, and how to mend it."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.module_loading import import_string

from . import stripe_js
from .conf import conf
from .exceptions import BillingNotConfigured
from .gateway import account_by_alias

TAG = "wagtail_billing_portal"


@register(TAG)
def check_accounts(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Every account has a key, and a way to trust its webhooks."""
    if not conf.ACCOUNTS:
        return [
            Error(
                "No Stripe account is configured.",
                hint="Set WAGTAIL_BILLING_PORTAL = {'ACCOUNTS': {'default': {...}}}.",
                id=f"{TAG}.E001",
            )
        ]
    messages = [it for alias in conf.ACCOUNTS for it in _check_account(alias)]
    return [*messages, *_check_that_accounts_differ()]


@register(TAG)
def check_dotted_paths(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """ADAPTER and TRANSPORT lead to something."""
    messages: list[CheckMessage] = []
    paths = {"ADAPTER": conf.ADAPTER, "TRANSPORT": conf.TRANSPORT}
    for name, path in paths.items():
        try:
            if path is not None:
                import_string(path)
        except ImportError as error:
            messages.append(
                Error(
                    f"WAGTAIL_BILLING_PORTAL[{name!r}] cannot be imported: {error}",
                    hint="Write it as 'package.module.Name'.",
                    id=f"{TAG}.E004",
                )
            )
    return messages


@register(TAG, deploy=True)
def check_cache(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Tries of promotion codes are counted for all processes together."""
    alias = getattr(settings, "RATELIMIT_USE_CACHE", "default")
    backend = settings.CACHES.get(alias, {}).get("BACKEND", "")
    if not backend.endswith(("LocMemCache", "DummyCache")):
        return []
    return [
        Warning(
            f"The cache {alias!r} is not shared by the site's processes, so tries of "
            "promotion codes are not counted together.",
            hint="Use a shared cache, such as Redis or the database.",
            id=f"{TAG}.W002",
        )
    ]


def _check_that_accounts_differ() -> list[CheckMessage]:
    seen: dict[tuple[str, str | None], str] = {}
    messages: list[CheckMessage] = []
    for alias, entry in conf.ACCOUNTS.items():
        if not (secret_key := entry.get("SECRET_KEY")):
            continue
        leads_to = (secret_key, entry.get("STRIPE_ACCOUNT") or None)
        first = seen.setdefault(leads_to, alias)
        if first != alias:
            messages.append(
                Error(
                    f"The accounts {first!r} and {alias!r} are the same Stripe "
                    "account. A row of the mirror belongs to one of them only.",
                    hint="Remove one, and choose the other in the portal settings.",
                    id=f"{TAG}.E005",
                )
            )
    return messages


def _check_account(alias: str) -> list[CheckMessage]:
    try:
        account = account_by_alias(alias)
    except BillingNotConfigured as error:
        return [
            Error(
                str(error),
                hint="Read the key from the environment.",
                id=f"{TAG}.E002",
            )
        ]
    messages: list[CheckMessage] = []
    if not re.fullmatch(r"[-\w]{1,50}", alias, re.ASCII):
        messages.append(
            Error(
                f"The alias {alias!r} cannot stand in the address of a webhook.",
                hint="Use at most fifty letters, digits, hyphens and underscores.",
                id=f"{TAG}.E006",
            )
        )
    detour = conf.TRANSPORT or conf.API_BASE or not stripe_js.is_stripes_own()
    if account.is_live and detour:
        messages.append(
            Error(
                f"The account {alias!r} has a live key, but TRANSPORT, API_BASE or "
                "STRIPE_JS does not lead to Stripe.",
                hint="Remove TRANSPORT, API_BASE and STRIPE_JS, or use a test key.",
                id=f"{TAG}.E003",
            )
        )
    if not account.webhook_secrets:
        messages.append(
            Warning(
                f"The account {alias!r} has no WEBHOOK_SECRETS, so every event from "
                "Stripe is refused.",
                hint="Run `manage.py billing_setup`, and add the secret it prints.",
                id=f"{TAG}.W001",
            )
        )
    return messages
