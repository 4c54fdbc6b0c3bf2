from __future__ import annotations

import pkgutil
from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SandboxConfig(AppConfig):
    """Stripe, answered from memory: for demos, tests and trying things out."""

    name = "wagtail_billing_portal.sandbox"
    label = "billing_sandbox"
    verbose_name = _("Stripe sandbox")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what registers itself: operations, expanders, due work, checks."""
        for package in ("resources", "billing"):
            path = import_module(f"{self.name}.{package}").__path__
            for module in pkgutil.iter_modules(path):
                import_module(f"{self.name}.{package}.{module.name}")
        import_module(f"{self.name}.checks")
        import_module(f"{self.name}.delivery")
