from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .acts import Act, SubscriptionAct
from .customers import Customer
from .mirrored import MirroredObject, MirroredQuerySet
from .subscriptions import Subscription, moment


class InvoiceState(models.TextChoices):
    """Where an invoice stands, in a member's words."""

    PAID = "paid", _("Paid")
    OPEN = "open", _("Open")
    OVERDUE = "overdue", _("Overdue")
    VOID = "void", _("Void")
    UNCOLLECTIBLE = "uncollectible", _("Not paid")
    DRAFT = "draft", _("Draft")


#: An invoice is made within the answer to the change that it charges.
WITHIN_A_CHANGE = timedelta(minutes=1)


class InvoiceQuerySet(MirroredQuerySet):
    """Queries that members' pages ask."""

    def with_changes_since(self) -> Self:
        """With ``changed_since``: whether a member changed the subscription later."""
        later = SubscriptionAct.objects.filter(
            subscription=models.OuterRef("subscription"),
            act=Act.CHANGED,
            at__gt=models.OuterRef("created") + WITHIN_A_CHANGE,
        )
        return self.annotate(changed_since=models.Exists(later))

    def for_members(self) -> Self:
        """Issued ones, newest first; a draft is the seller's own affair."""
        return (
            self.filter(deleted_at=None)
            .exclude(status__in=["draft", ""])
            .order_by("-created", "-id")
        )


class Invoice(MirroredObject):
    """A bill: what for, how much, and whether it is paid."""

    stripe_object: ClassVar[str] = "invoice"

    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        null=True,
        on_delete=models.CASCADE,
        related_name="invoices",
    )
    subscription = models.ForeignKey(
        Subscription,
        verbose_name=_("subscription"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="invoices",
    )
    status = models.CharField(_("status"), max_length=50, blank=True)
    number = models.CharField(_("number"), max_length=255, blank=True)
    created = models.DateTimeField(_("date"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    total = models.BigIntegerField(_("total"), default=0)

    objects: ClassVar[Any] = InvoiceQuerySet.as_manager()

    class Meta(MirroredObject.Meta):
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        indexes = [
            *MirroredObject.Meta.indexes,
            models.Index(
                fields=["customer", "-created", "-id"], name="billing_invoices"
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.pk

    @property
    def amount_due(self) -> int:
        return self.data.get("amount_due") or 0

    @property
    def amount_remaining(self) -> int:
        return self.data.get("amount_remaining") or 0

    @property
    def is_overdue(self) -> bool:
        """Open although payment was tried, or its due date has passed."""
        if self.status != "open" or self.amount_remaining <= 0:
            return False
        due = moment(self.data.get("due_date"))
        return bool(self.data.get("attempted")) or (
            due is not None and due < timezone.now()
        )

    @property
    def state(self) -> InvoiceState:
        if self.is_overdue:
            return InvoiceState.OVERDUE
        if self.status in InvoiceState.values:
            return InvoiceState(self.status)
        return InvoiceState.OPEN

    #: Set by ``with_changes_since()``; without that nobody knows.
    changed_since: bool = True

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What it charges, line by line, as far as the mirror has them."""
        return (self.data.get("lines") or {}).get("data") or []

    @property
    def has_hidden_lines(self) -> bool:
        """Whether Stripe has more lines than it sends along."""
        return bool((self.data.get("lines") or {}).get("has_more", True))

    @property
    def description(self) -> str:
        """What it is for: the first words of its lines, without repeats."""
        words = [it["description"] for it in self.lines if it.get("description")]
        return ", ".join(dict.fromkeys(words[:3])) or self.data.get("description") or ""

    @property
    def is_downloadable(self) -> bool:
        """Stripe makes a PDF once an invoice is finalised."""
        return bool(self.number) and self.status not in ("draft", "")
