"""Somebody in the customer portal: for whom, what they may do, until when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from wagtail_billing_portal.sandbox.billing import (
    changes,
    methods,
    pause_plans,
    portal,
    portal_limits,
    portal_updates,
    promotions,
    receipts,
)
from wagtail_billing_portal.sandbox.errors import ResourceMissing
from wagtail_billing_portal.sandbox.pages.frame import world_with
from wagtail_billing_portal.sandbox.pages.holdings import (
    LIVE,
    Bill,
    Holding,
    SavedCard,
    bill_of,
    holding_of,
    is_ending,
    saved_card,
)
from wagtail_billing_portal.sandbox.resources.customers import update_customer
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

    @property
    def locale(self) -> str | None:
        """The session's language, else the customer's; nothing means the browser's."""
        locale: str | None = self.session["locale"]
        if locale and locale != "auto":
            return locale
        return next(iter(self.customer["preferred_locales"] or []), None)

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

    @property
    def is_over(self) -> bool:
        """Whether the one thing this visit was for is done, and was all."""
        flow = self.session["flow"]
        stays = flow and flow["after_completion"]["type"] == "portal_homepage"
        return bool(flow and self.flow is None and not stays)

    @property
    def came_by_mail(self) -> bool:
        """Whether the customer's e-mail address was all it took to get in."""
        return bool(self.world.get(portal.PAGE, self.token).get("logged_in"))

    def finish_flow(self) -> None:
        """The one thing is done."""
        self.world.save({**self.world.get(portal.PAGE, self.token), "flow_done": True})

    def subscription(self, subscription_id: str, *, feature: str) -> Json:
        """One of the customer's own subscriptions; anybody else's is unknown.

        So is every one to somebody who is not offered the ``feature``.
        """
        subscription = self.world.get("subscription", subscription_id)
        stranger = subscription["customer"] != self.customer["id"]
        if stranger or not self.offers(feature):
            raise ResourceMissing("subscription", subscription_id)
        return subscription

    def subscriptions(self) -> list[Json]:
        """The customer's subscriptions, those that run first."""
        found = self.world.find(
            "subscription", customer=self.customer["id"], status=SHOWN
        )
        found.sort(key=lambda subscription: subscription["ended_at"] is not None)
        return found

    def owed_at(self, subscription: Json) -> str:
        """The page of the newest invoice of a subscription that waits to be paid."""
        found = self.world.find(
            "invoice", subscription=subscription["id"], status="open"
        )
        return str(found[0]["hosted_invoice_url"] or "") if found else ""

    def coming_phase(self, subscription: Json) -> Json | None:
        """What a schedule makes of a subscription next."""
        if not subscription["schedule"]:
            return None
        schedule = self.world.get("subscription_schedule", subscription["schedule"])
        coming = [it for it in schedule["phases"] if it["start_date"] > self.world.now]
        return coming[0] if coming else None

    def holding(self, subscription: Json) -> Holding:
        """A subscription in the words of the portal."""
        products = {item["price"]["product"] for item in subscription["items"]["data"]}
        names = {product: self.product_name(product) for product in products}
        return holding_of(
            subscription, names=names, resumes=self._resumes(subscription)
        )

    def _resumes(self, subscription: Json) -> int | None:
        if not (id := subscription["schedule"]):
            return None
        return pause_plans.resumes_at(self.world.get("subscription_schedule", id))

    def product_name(self, product: str) -> str:
        """What is bought, as the business calls it."""
        name: str = self.world.get("product", product)["name"]
        return name

    def acts(self, subscription: Json) -> frozenset[str]:
        """What may be done to a subscription here: by features, limits and state."""
        live, ending = subscription["status"] in LIVE, is_ending(subscription)
        planned = portal_limits.is_planned(self.world, subscription)
        stays = portal_limits.why_not_cancel(self.world, subscription) is not None
        may = {
            "cancel": self.offers("subscription_cancel") and not (ending or stays),
            "keep": self.offers("subscription_cancel") and ending and not planned,
            "pause": self.offers("subscription_pause")
            and portal_limits.why_not_pause(subscription) is None,
            "resume": self.offers("subscription_pause")
            and subscription["status"] == "paused",
            "update": self._may_update(subscription),
        }
        return frozenset(act for act, allowed in may.items() if live and allowed)

    def _may_update(self, subscription: Json) -> bool:
        feature = self.feature("subscription_update")
        if not feature["enabled"]:
            return False
        if portal_limits.why_not_update(self.world, subscription) is not None:
            return False
        current = portal_updates.item_of(subscription)["price"]["id"]
        offers = portal_updates.offers(self.world, subscription, feature)
        return any(it.adjustable or it.price["id"] != current for it in offers)

    def method_of(self, subscription: Json) -> Json | None:
        """What a subscription is charged to."""
        return methods.for_subscription(self.world, subscription)

    def keep_card(self, card: Json, subscription: Json) -> None:
        """Save a typed-in card and charge it from now on; the bank may object."""
        details = {"name": card["name"], "address": {"country": card["country"]}}
        method = methods.from_details(self.world, card, billing_details=details)
        methods.attach(self.world, method["id"], self.customer["id"])
        self.use(method["id"])
        if subscription["default_payment_method"]:
            own = {"default_payment_method": method["id"]}
            changes.update(self.world, subscription, own)

    def use(self, method_id: str) -> None:
        """Charge a payment method from now on."""
        settings = {"default_payment_method": method_id}
        changed = {"invoice_settings": settings}
        update_customer(self.world, changed, self.customer["id"])

    def discount_name(self, discount: Json) -> str:
        """What a customer reads of a coupon or a promotion code."""
        if code := discount.get("promotion_code"):
            return str(self.world.get("promotion_code", code)["code"])
        coupon = self.world.get("coupon", discount["coupon"])
        return str(coupon["name"] or coupon["id"])

    @property
    def may_guess(self) -> bool:
        """Whether another promotion code may be tried."""
        page = self.world.get(portal.PAGE, self.token)
        return bool(page.get("wrong_codes", 0) < promotions.MOST_GUESSES)

    def guessed_wrong(self) -> None:
        """Count a promotion code that was none."""
        page = self.world.get(portal.PAGE, self.token)
        self.world.save({**page, "wrong_codes": page.get("wrong_codes", 0) + 1})

    def tax_ids(self) -> list[Json]:
        """The customer's tax IDs, newest first."""
        return self.world.find("tax_id", customer=self.customer["id"])

    def is_needed(self, method_id: str) -> bool:
        """Whether a running subscription is charged to a payment method."""
        return any(
            (self.method_of(subscription) or {}).get("id") == method_id
            for subscription in self.subscriptions()
            if subscription["status"] in LIVE
        )

    def cards(self) -> list[SavedCard]:
        """The customer's payment methods, newest first."""
        default = self.customer["invoice_settings"]["default_payment_method"]
        methods = self.world.find("payment_method", customer=self.customer["id"])
        return [saved_card(method, default=default) for method in methods]

    def bills(self) -> list[Bill]:
        """Finalized invoices with their receipts, newest first."""
        paid = {
            payment["invoice"]: payment
            for payment in self.world.find(
                "invoice_payment",
                invoice=[it["id"] for it in self._invoices()],
                status="paid",
            )
        }
        return [
            bill_of(
                invoice,
                receipt_url=receipts.url_of(self.world, paid[invoice["id"]])
                if invoice["id"] in paid
                else "",
            )
            for invoice in self._invoices()
        ]

    def _invoices(self) -> list[Json]:
        found = self.world.find("invoice", customer=self.customer["id"])
        return [invoice for invoice in found if invoice["status"] != "draft"]


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
