from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingPortalConfig(AppConfig):
    """The billing portal of a Wagtail site."""

    name = "wagtail_billing_portal"
    label = "wagtail_billing_portal"
    verbose_name = _("Billing portal")
    default_auto_field = "django.db.models.BigAutoField"
