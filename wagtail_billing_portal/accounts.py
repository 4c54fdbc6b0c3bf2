"""The read side of a member's billing: what pages, sections and templates ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Subquery
from django.utils import timezone

from .exceptions import UnknownStripeObject
from .models import (
    Act,
    Customer,
    CustomerAccess,
    Invoice,
    PlanGroup,
    PortalSettings,
    Role,
    Subscription,
    SubscriptionAct,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
    from wagtail.models import Site

    from .models.invoices import InvoiceQuerySet


@dataclass
class BillingAccount:
    """One person's billing on one site. Reads the mirror only, never Stripe."""

    user: AbstractBaseUser | AnonymousUser
    site: Site

    @cached_property
    def settings(self) -> PortalSettings:
        settings: PortalSettings = PortalSettings.for_site(self.site)
        return settings

    @property
    def is_member(self) -> bool:
        """Logged in, whether or not ever billed."""
        return self.user.is_authenticated

    @cached_property
    def access(self) -> CustomerAccess | None:
        """The way to the customer that this person acts for; one's own comes first."""
        if self.user.is_anonymous:
            return None
        return (
            CustomerAccess.objects.filter(
                user_id=self.user.pk,
                stripe_account=self.settings.stripe_account,
                customer__stripe_account=self.settings.stripe_account,
                customer__deleted_at=None,
            )
            .select_related("customer__default_payment_method")
            .order_by("-is_own", "pk")
            .first()
        )

    @property
    def customer(self) -> Customer | None:
        return self.access.customer if self.access else None

    @property
    def has_customer(self) -> bool:
        return self.customer is not None

    @property
    def role(self) -> Role | None:
        return Role(self.access.role) if self.access else None

    @cached_property
    def subscriptions(self) -> list[Subscription]:
        """All there ever were: running ones first, each group newest first."""
        if self.customer is None:
            return []
        rows = (
            Subscription.objects.filter(customer=self.customer)
            .existing()
            .for_display()
            .order_by("-created", "-pk")
        )
        return sorted(rows, key=lambda subscription: subscription.has_ended)

    @property
    def current_subscriptions(self) -> list[Subscription]:
        """Those that have not ended, payment overdue or not."""
        return [it for it in self.subscriptions if not it.has_ended]

    @property
    def subscription(self) -> Subscription | None:
        """The newest one that grants access."""
        return next((it for it in self.subscriptions if it.grants_access), None)

    @property
    def is_subscribed(self) -> bool:
        return self.subscription is not None

    def is_subscribed_to(self, *price_ids: str) -> bool:
        """Whether access is granted through any of these prices."""
        return any(
            item.price_id in price_ids
            for subscription in self.subscriptions
            if subscription.grants_access
            for item in subscription.items.all()
        )

    def holds_product(self, *product_ids: str) -> bool:
        """Whether access is granted to any of these products."""
        return any(
            item.price is not None and item.price.product_id in product_ids
            for subscription in self.subscriptions
            if subscription.grants_access
            for item in subscription.items.all()
        )

    @cached_property
    def plan_groups(self) -> list[PlanGroup]:
        """What the site lets its members switch between, in the editor's order."""
        groups = PlanGroup.objects.filter(settings=self.settings)
        return list(groups.prefetch_related("plans__price__product"))

    def pauses_within_a_year(self, subscription: Subscription) -> int:
        """How often it was paused by the portal in the last 365 days."""
        since = timezone.now() - timedelta(days=365)
        paused = SubscriptionAct.objects.filter(
            subscription=subscription, act=Act.PAUSED, at__gt=since
        )
        return paused.count()

    def has_accepted_within_a_year(self) -> bool:
        """Whether an offer made to those who leave was taken in the last 365 days."""
        since = timezone.now() - timedelta(days=365)
        return SubscriptionAct.objects.filter(
            subscription__customer=self.customer, act=Act.ACCEPTED, at__gt=since
        ).exists()

    @property
    def invoices(self) -> InvoiceQuerySet:
        """Issued invoices, newest first."""
        invoices: InvoiceQuerySet = Invoice.objects.for_members()
        return (
            invoices.filter(customer=self.customer)
            if self.customer
            else invoices.none()
        )

    @property
    def invoice_years(self) -> list[int]:
        """The years from the newest invoice back to the oldest, in local time.

        Asks for both ends only, however many invoices lie between them.
        """
        if self.customer is None:
            return []
        dated = self.invoices.exclude(created=None).values("created")
        both = Customer.objects.filter(pk=self.customer.pk).values_list(
            Subquery(dated[:1]), Subquery(dated.reverse()[:1])
        )
        newest, oldest = (it and timezone.localtime(it).year for it in both.get())
        return [*range(newest, oldest - 1, -1)] if newest else []

    @cached_property
    def open_invoices(self) -> dict[str, list[Invoice]]:
        """What is to be paid for each subscription, newest first: one query for all."""
        found: dict[str, list[Invoice]] = {}
        for it in self.invoices.filter(status="open").exclude(subscription=None):
            found.setdefault(it.subscription_id, []).append(it)
        return found

    @cached_property
    def latest_invoices(self) -> dict[str, Invoice]:
        """The newest invoice of each running subscription: one query for all.

        Each knows in ``changed_since`` whether the member changed something later.
        """
        newest = {
            it.data.get("latest_invoice"): it for it in self.current_subscriptions
        }
        found = (
            Invoice.objects.existing()
            .with_changes_since()
            .in_bulk([id for id in newest if id])
        )
        return {newest[id].pk: invoice for id, invoice in found.items()}

    def subscription_with(self, id: str) -> Subscription:
        """This account's subscription. Raises ``UnknownStripeObject``."""
        for subscription in self.subscriptions:
            if subscription.pk == id:
                return subscription
        raise UnknownStripeObject(f"No subscription {id} on this account.")

    def invoice_with(self, id: str) -> Invoice:
        """This account's invoice. Raises ``UnknownStripeObject``."""
        invoice: Invoice | None = self.invoices.filter(pk=id).first()
        if invoice is None:
            raise UnknownStripeObject(f"No invoice {id} on this account.")
        return invoice


def account_for(
    user: AbstractBaseUser | AnonymousUser, *, site: Site
) -> BillingAccount:
    """The billing of ``user`` on ``site``, visitors included."""
    return BillingAccount(user, site)
