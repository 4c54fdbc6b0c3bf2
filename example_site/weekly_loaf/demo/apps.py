from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """Fills the site for showing, and lets a visitor try on any member."""

    name = "weekly_loaf.demo"
    label = "loaf_demo"
    verbose_name = _("Demo")
