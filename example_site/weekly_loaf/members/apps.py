from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    """Signing up, logging in and out, with Django's own users."""

    name = "weekly_loaf.members"
    label = "loaf_members"
    verbose_name = _("Members")
