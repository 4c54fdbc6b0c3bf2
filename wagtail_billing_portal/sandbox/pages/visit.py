"""Somebody in the customer portal: for whom, what they may do, until when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from wagtail_billing_portal.sandbox.billing import portal
from wagtail_billing_portal.sandbox.errors import ResourceMissing
from wagtail_billing_portal.sandbox.pages.frame import world_with
from wagtail_billing_portal.sandbox.pages.holdings import Holding, holding_of
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

UNUSED_SECONDS = 5 * 60
IDLE_SECONDS = 60 * 60
SHOWN = ["active", "trialing", "past_due", "unpaid", "paused", "canceled"]


@dataclass(frozen=True)
class Visit:
    """One portal session in use."""

    world: World
    session: Json
    token: str

    @property
    def has_expired(self) -> bool:
        """Five minutes unused, an hour without a click."""
        seen = self.session["_sandbox"].get("seen_at")
        if seen is None:
            return self.world.now > int(self.session["created"]) + UNUSED_SECONDS
        return self.world.now > int(seen) + IDLE_SECONDS

    def note(self) -> None:
        """Remember that somebody is there."""
        self.world.private(self.session)["seen_at"] = self.world.now
        self.world.save(self.session)

    @property
    def customer(self) -> Json:
        return self.world.get("customer", self.session["customer"])

    @property
    def configuration(self) -> Json:
        return self.world.get(
            "billing_portal.configuration", self.session["configuration"]
        )

    def feature(self, name: str) -> Json:
        """The configuration's say about one feature."""
        feature: Json = self.configuration["features"][name]
        return feature

    def offers(self, name: str) -> bool:
        """Whether the business switched a feature on."""
        return bool(self.feature(name)["enabled"])

    @property
    def flow(self) -> Json | None:
        """The one thing this visit is for, until it is done."""
        flow: Json | None = self.session["flow"]
        return None if self.session["_sandbox"].get("flow_done") else flow

    def finish_flow(self) -> None:
        """The one thing is done."""
        self.world.private(self.session)["flow_done"] = True
        self.world.save(self.session)

    def subscription(self, subscription_id: str) -> Json:
        """One of the customer's own subscriptions; anybody else's is unknown."""
        subscription = self.world.get("subscription", subscription_id)
        if subscription["customer"] != self.session["customer"]:
            raise ResourceMissing("subscription", subscription_id)
        return subscription

    def holdings(self) -> list[Holding]:
        """The customer's subscriptions, those that run first."""
        found = self.world.find(
            "subscription", customer=self.session["customer"], status=SHOWN
        )
        found.sort(key=lambda subscription: subscription["ended_at"] is not None)
        return [self.holding(subscription) for subscription in found]

    def holding(self, subscription: Json) -> Holding:
        """A subscription in the words of the portal."""
        products = {item["price"]["product"] for item in subscription["items"]["data"]}
        names = {
            product: self.world.get("product", product)["name"] for product in products
        }
        cancellable = self.offers("subscription_cancel")
        return holding_of(subscription, names=names, cancellable=cancellable)

    def charged_method(self) -> Json | None:
        """The payment method that the customer's invoices are charged to."""
        chosen = self.customer["invoice_settings"]["default_payment_method"]
        if chosen:
            return self.world.get("payment_method", chosen)
        methods = self.world.find("payment_method", customer=self.session["customer"])
        return methods[0] if methods else None

    def invoices(self) -> list[Json]:
        """Finalized invoices, newest first."""
        return [
            invoice
            for invoice in self.world.find("invoice", customer=self.session["customer"])
            if invoice["status"] != "draft"
        ]


@contextmanager
def visiting(token: str) -> Iterator[Visit]:
    """The visit that a portal address opens."""
    with world_with(portal.PAGE, token) as world:
        link = world.get(portal.PAGE, token)
        session = world.get("billing_portal.session", link["session"])
        yield Visit(world, session, token)
