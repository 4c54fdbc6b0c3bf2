"""How far behind the mirror is, for the report and for the admin's first page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, NumberColumn, Table
from wagtail.permission_policies import ModelPermissionPolicy

from ..mirror.health import Health, health
from ..models import EventStatus, StripeEvent
from .accounts import User, hidden_accounts

POLICY = ModelPermissionPolicy(StripeEvent)


def may_see_events(user: User) -> bool:
    """Whether Stripe's events are for this user to see."""
    allowed: bool = POLICY.user_has_any_permission(user, ["view", "change"])
    return allowed


def health_for(user: User) -> list[Health]:
    """How far behind the accounts are that this user has to do with."""
    hidden = hidden_accounts(user)
    return [it for it in health() if it.account not in hidden]


def health_table(accounts: list[Health]) -> Table:
    """A line for each Stripe account."""
    return Table(
        [
            Column("account", label=_("Stripe account")),
            Column("waiting", label=_("Waiting events"), accessor=_waiting),
            NumberColumn("failed", label=_("Failed events")),
            Column("to_refresh", label=_("Objects to fetch"), accessor=_to_refresh),
            Column("to_settle", label=_("Refunds to make"), accessor=_to_settle),
        ],
        accounts,
    )


class HealthPanel(Component):
    """Says on the admin's first page that the mirror needs somebody."""

    name = "billing_health"
    template_name = "wagtail_billing_portal/admin/health_panel.html"
    order = 150

    def __init__(self, accounts: list[Health]) -> None:
        self.table = health_table(accounts)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        has_failed = any(account.failed for account in self.table.data)
        status = EventStatus.FAILED if has_failed else EventStatus.PENDING
        return {"table": self.table, "status": status.value}


def warn_if_unwell(request: HttpRequest, panels: list[Component]) -> None:
    """Put the panel on the first page of those who can see events, if need be."""
    accounts = health_for(request.user) if may_see_events(request.user) else []
    if not all(account.is_well() for account in accounts):
        panels.append(HealthPanel(accounts))


def _waiting(account: Health) -> str:
    return _number_and_age(account.waiting, account.waiting_for)


def _to_refresh(account: Health) -> str:
    return _number_and_age(account.to_refresh, account.to_refresh_for)


def _to_settle(account: Health) -> str:
    return _number_and_age(account.to_settle, account.to_settle_for)


def _number_and_age(number: int, seconds: int) -> str:
    if not number:
        return "0"
    now = timezone.now()
    age = timesince(now - timedelta(seconds=seconds), now)
    return _("%(number)s, for up to %(age)s") % {"number": number, "age": age}
