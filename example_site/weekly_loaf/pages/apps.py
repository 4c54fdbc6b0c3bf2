from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """The publication itself: home, articles, plans, account."""

    name = "weekly_loaf.pages"
    label = "loaf_pages"
    verbose_name = _("The Weekly Loaf")
    default_auto_field = "django.db.models.BigAutoField"
