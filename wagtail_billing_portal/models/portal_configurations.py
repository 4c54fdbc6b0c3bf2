from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from .mirrored import MirroredObject


class PortalConfiguration(MirroredObject):
    """How Stripe's own portal is set up."""

    stripe_object: ClassVar[str] = "billing_portal.configuration"

    active = models.BooleanField(_("active"), default=False)
    is_default = models.BooleanField(_("default"), default=False)

    class Meta(MirroredObject.Meta):
        verbose_name = _("portal configuration")
        verbose_name_plural = _("portal configurations")
