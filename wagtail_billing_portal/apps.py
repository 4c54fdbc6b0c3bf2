from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingPortalConfig(AppConfig):
    """The billing portal of a Wagtail site."""

    name = "wagtail_billing_portal"
    label = "wagtail_billing_portal"
    verbose_name = _("Billing portal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models must be loaded before anything that imports them.
        from . import checks, signal_handlers  # noqa: F401
        from .webhooks import handlers  # noqa: F401

        signal_handlers.connect()
