from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext as _
from laces.components import Component

from ..actions.usage import Usage, usage_of
from ..exceptions import StripeRefused, StripeUnavailable, TooManyPreviews
from ..sections import UsageSection
from .base import OfSubscription, SectionsView


class UsageView(OfSubscription, SectionsView):
    """What was used so far. It shows without Stripe, too, but for the numbers."""

    def get_title(self) -> str:
        return _("Usage of %(plan)s") % {"plan": self.subscription.name}

    def get_back(self) -> tuple[str, str]:
        return self.subscription_url, self.subscription.name

    def get_sections(self) -> list[Component]:
        if not self.subscription.metered_items:
            raise Http404("Nothing of this subscription is counted.")
        return [UsageSection(self.account, self.subscription, self._usage())]

    def _usage(self) -> Usage | None:
        if self.subscription.has_ended:
            return None
        try:
            return usage_of(self.account, self.subscription)
        except (StripeUnavailable, StripeRefused, TooManyPreviews):
            return None
