"""Somebody in the customer portal: for whom, what they may do, until when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from wagtail_billing_portal.sandbox.billing import portal
from wagtail_billing_portal.sandbox.errors import ResourceMissing
from wagtail_billing_portal.sandbox.pages.frame import world_with
from wagtail_billing_portal.sandbox.pages.holdings import (
    Holding,
    SavedCard,
    holding_of,
    saved_card,
)
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

SHOWN = ["active", "trialing", "past_due", "unpaid", "paused", "canceled"]


@dataclass(frozen=True)
class Visit:
    """One portal session in use."""

    world: World
    token: str
    session: Json
    configuration: Json
    customer: Json

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
        done = self.world.get(portal.PAGE, self.token).get("flow_done")
        return None if done else flow

    def finish_flow(self) -> None:
        """The one thing is done."""
        self.world.save({**self.world.get(portal.PAGE, self.token), "flow_done": True})

    def subscription(self, subscription_id: str) -> Json:
        """One of the customer's own subscriptions; anybody else's is unknown."""
        subscription = self.world.get("subscription", subscription_id)
        if subscription["customer"] != self.customer["id"]:
            raise ResourceMissing("subscription", subscription_id)
        return subscription

    def holdings(self) -> list[Holding]:
        """The customer's subscriptions, those that run first."""
        found = self.world.find(
            "subscription", customer=self.customer["id"], status=SHOWN
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

    def cards(self) -> list[SavedCard]:
        """The customer's payment methods, newest first."""
        default = self.customer["invoice_settings"]["default_payment_method"]
        methods = self.world.find("payment_method", customer=self.customer["id"])
        return [saved_card(method, default=default) for method in methods]

    def invoices(self) -> list[Json]:
        """Finalized invoices, newest first."""
        return [
            invoice
            for invoice in self.world.find("invoice", customer=self.customer["id"])
            if invoice["status"] != "draft"
        ]


@contextmanager
def visiting(token: str) -> Iterator[Visit | None]:
    """The visit that a portal address opens, none when it came too late."""
    with world_with(portal.PAGE, token) as world:
        entered = portal.enter(world, token)
        if entered is None:
            yield None
            return
        yield Visit(
            world, token, entered.session, entered.configuration, entered.customer
        )


def return_url(token: str) -> str | None:
    """Where the portal was entered from, also after it has closed."""
    with world_with(portal.PAGE, token) as world:
        url: str | None = world.get(portal.PAGE, token)["session"]["return_url"]
        return url
