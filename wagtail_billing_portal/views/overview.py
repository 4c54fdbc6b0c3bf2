from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext as _
from laces.components import Component

from ..adapter import get_adapter
from ..policies.invoices import may_list
from ..sections import HostedPortalSection, InvoicesSection, SubscriptionsSection
from .base import SectionsView

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

LATEST_INVOICES = 3


class OverviewView(SectionsView):
    """The portal's first page: what a member has, and what was paid."""

    def get_title(self) -> str:
        return self.account.settings.headline or _("Your billing")

    def get_intro(self) -> str:
        user = cast("AbstractBaseUser", self.account.user)
        who = get_adapter().get_email(user) or user.get_username()
        signed_in = _("Signed in as %(who)s") % {"who": who}
        site = self.account.site.site_name
        return " · ".join(part for part in (signed_in, site) if part)

    def get_back(self) -> tuple[str, str]:
        return "", ""

    def get_sections(self) -> list[Component]:
        account = self.account
        sections: list[Component] = [
            SubscriptionsSection(account, heading=_("Your subscriptions"))
        ]
        if may_list(account):
            latest = InvoicesSection(
                account, heading=_("Latest invoices"), latest=LATEST_INVOICES
            )
            sections.append(latest)
        sections.append(HostedPortalSection(account, heading=_("How you pay")))
        return sections
