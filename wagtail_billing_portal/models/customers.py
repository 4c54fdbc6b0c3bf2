from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .mirrored import MirroredObject


class Customer(MirroredObject):
    """Stripe's customer: who is billed. Exists with or without a member."""

    stripe_object: ClassVar[str] = "customer"

    email = models.CharField(_("e-mail"), max_length=512, blank=True, db_index=True)
    name = models.CharField(_("name"), max_length=255, blank=True)
    default_payment_method = models.ForeignKey(
        "wagtail_billing_portal.PaymentMethod",
        verbose_name=_("default payment method"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created = models.DateTimeField(_("created"), null=True, blank=True)

    class Meta(MirroredObject.Meta):
        verbose_name = _("customer")
        verbose_name_plural = _("customers")

    def __str__(self) -> str:
        return self.name or self.email or self.pk

    @property
    def currency(self) -> str:
        """The currency this customer is billed in, once there is one."""
        return self.data.get("currency") or ""


class Role(models.TextChoices):
    """What a person may do for a customer."""

    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    VIEWER = "viewer", _("Viewer")


class CustomerAccess(models.Model):
    """A member's way to a customer: a person may hold several, and a team share one.

    ``is_own`` marks the one customer made for this member on a Stripe account.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("member"),
        on_delete=models.CASCADE,
        related_name="billing_access",
    )
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.CASCADE,
        related_name="access",
    )
    stripe_account = models.CharField(_("Stripe account"), max_length=50)
    role = models.CharField(
        _("role"), max_length=20, choices=Role.choices, default=Role.OWNER
    )
    is_own = models.BooleanField(_("own customer"), default=False)
    created_at = models.DateTimeField(_("linked"), auto_now_add=True)

    class Meta:
        verbose_name = _("customer access")
        verbose_name_plural = _("customer access")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "customer"], name="billing_access_once"
            ),
            models.UniqueConstraint(
                fields=["user", "stripe_account"],
                condition=models.Q(is_own=True),
                name="billing_one_own_customer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} - {self.customer}"


class KeptRequest(models.Model):
    """A request to Stripe that must be made once, however many workers meet at it.

    They all send the first one's key and content, and so make one object.
    """

    purpose = models.CharField(max_length=255, primary_key=True)
    key = models.CharField(max_length=64)
    params = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.purpose
