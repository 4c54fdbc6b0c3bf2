"""The other hand of a test: what happens at Stripe while the site looks on."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.test import Client, TestCase
from django.urls import reverse
from stripe import InvalidRequestError, StripeClient, WebhookSignature

from ..conf import conf
from ..gateway import API_VERSION, Params, account_by_alias
from ..mirror.inbox import handled_events
from ..sandbox import clock
from ..sandbox.billing import checkout
from ..sandbox.billing.outcomes import ActionRequired, Outcome
from ..sandbox.transport import SandboxTransport
from ..sandbox.world import World, account_for_key, world_holding

DAY = 86_400

PAYS = "4242424242424242"
"""The number of a card that is accepted."""
DECLINED = "4000000000000002"
"""The number of a card that no bank accepts."""
ASKS_THE_BANK = "4000002760003184"
"""The number of a card whose bank asks each time, by 3-D Secure."""

_STOPS_PAYING = "pm_card_chargeCustomerFail"


class StripeSide:
    """Acts at the sandbox, and delivers its events when a test says so.

    Events wait until ``deliver_all``, ``deliver`` or ``deliver_shuffled``.
    """

    def __init__(self, alias: str = "default") -> None:
        self.alias = alias
        self.account = account_by_alias(alias)
        self.delivered: set[str] = set()
        self._heard: list[dict[str, Any]] = []

    @property
    def client(self) -> StripeClient:
        """Stripe's own SDK, at the sandbox."""
        return StripeClient(
            self.account.secret_key,
            stripe_account=self.account.connected_account,
            http_client=SandboxTransport(),
        )

    @property
    def world(self) -> World:
        """The sandbox's inside, for what no API call can bring about."""
        own = account_for_key(self.account.secret_key)
        return World(self.account.connected_account or own)

    def a_price(
        self,
        amount: int = 1200,
        *,
        product: str = "Supporter",
        currency: str = "eur",
        interval: str = "month",
        **params: Any,
    ) -> str:
        """A new price of a new product; returns its id."""
        price: Params = {
            "unit_amount": amount,
            "currency": currency,
            "recurring": {"interval": interval},
            "product_data": {"name": product},
            "tax_behavior": "inclusive",
            **params,
        }
        return self.client.v1.prices.create(price).id

    def a_customer(self, *, card: str = "pm_card_visa", **params: Any) -> str:
        """A new customer who pays by ``card``; returns its id."""
        described: Params = params or {"email": "ada@example.com"}
        customer = self.client.v1.customers.create(described)
        self.give_card(customer.id, card)
        return customer.id

    def give_card(self, customer: str, card: str = "pm_card_visa") -> str:
        """Attach a test card as the customer's default; returns its id."""
        v1 = self.client.v1
        method = v1.payment_methods.attach(card, {"customer": customer})
        v1.customers.update(
            customer, {"invoice_settings": {"default_payment_method": method.id}}
        )
        return method.id

    def subscribe(self, customer: str, *prices: str, **params: Any) -> str:
        """A new subscription; returns its id."""
        items = [{"price": price} for price in prices]
        wanted: Params = {"customer": customer, "items": items, **params}
        return self.client.v1.subscriptions.create(wanted).id

    def cancel(self, subscription: str) -> None:
        """End a subscription at once, as somebody at Stripe's Dashboard does."""
        self.client.v1.subscriptions.cancel(subscription)

    def stop_paying(self, customer: str) -> None:
        """Let every charge of a customer fail from now on, renewals included."""
        self._pay_by(_STOPS_PAYING, customer)

    def settle(self, customer: str) -> None:
        """Give a customer a good card, and pay with it what is open."""
        self._pay_by("pm_card_visa", customer)
        v1 = self.client.v1
        for invoice in v1.invoices.list({"customer": customer, "status": "open"}):
            v1.invoices.pay(invoice.id)

    def decline(self, url: str) -> Outcome:
        """Fill in the Checkout page at ``url`` with a card that no bank accepts."""
        return self.pay(url, card=DECLINED)

    def pay(self, url: str, *, card: str = PAYS) -> Outcome:
        """Fill in the Checkout page at ``url``; says how it ended."""
        details = {
            "number": card,
            "exp_month": 12,
            "exp_year": 2040,
            "cvc": "123",
            "name": "Ada Lovelace",
            "country": "GB",
        }
        session = _session_id(url)
        with self._world_of("checkout.session", session) as world:
            return checkout.pay(world, session, card=details)

    def answer_the_bank(self, outcome: Outcome, *, succeed: bool) -> Outcome:
        """Complete or fail the 3-D Secure page that a payment led to."""
        if not isinstance(outcome, ActionRequired):
            raise TypeError(f"The bank asks nothing: {outcome}.")
        intent = outcome.intent_id
        kind = "setup_intent" if intent.startswith("seti_") else "payment_intent"
        with self._world_of(kind, intent) as world:
            return checkout.finish_authentication(world, intent, succeed=succeed)

    def advance(self, *, days: int = 0, seconds: int = 0) -> None:
        """Let time pass at Stripe, with all that falls due on the way."""
        world = self.world
        with transaction.atomic():
            clock.travel(world, world.now + days * DAY + seconds)

    def a_test_clock(self, frozen_time: int) -> str:
        """A new test clock; customers are put on it by ``test_clock=``. Returns its id."""
        wanted: Params = {"frozen_time": frozen_time}
        return self.client.v1.test_helpers.test_clocks.create(wanted).id

    def advance_test_clock(self, test_clock: str, *, to: int) -> None:
        """Let time pass for the customers on one test clock, and for nobody else."""
        wanted: Params = {"frozen_time": to}
        self.client.v1.test_helpers.test_clocks.advance(test_clock, wanted)

    def stop_clock(self, moment: int | None = None) -> None:
        """Make time stand still at ``moment`` (Unix seconds), or now."""
        world = self.world
        with transaction.atomic():
            clock.travel(world, moment or world.now)

    def events(self, *types: str) -> list[dict[str, Any]]:
        """All events so far, oldest first; only of ``types`` if given."""
        newest = self._heard[-1]["id"] if self._heard else ""
        try:
            self._heard += self._events_after(newest)
        except InvalidRequestError:
            # A transaction was rolled back: what was heard never happened.
            self._heard = self._events_after("")
        return [it for it in self._heard if not types or it["type"] in types]

    def waiting(self) -> list[dict[str, Any]]:
        """Events that the portal handles and were not delivered yet, oldest first."""
        return [
            it
            for it in self.events(*handled_events())
            if it["id"] not in self.delivered
        ]

    def deliver(self, event: dict[str, Any], *, secret: str | None = None) -> int:
        """Post one event to the webhook, signed; returns the HTTP status."""
        self.delivered.add(event["id"])
        return self.post(json.dumps(event), secret=secret)

    def deliver_all(self) -> None:
        """Deliver what waits, in order."""
        for event in self.waiting():
            self.deliver(event)

    def deliver_shuffled(self, *, seed: int = 0, twice: bool = False) -> None:
        """Deliver what waits in some other order, each event twice if asked to."""
        events = self.waiting() * (2 if twice else 1)
        random.Random(seed).shuffle(events)  # noqa: S311 - an order, not a secret.
        for event in events:
            self.deliver(event)

    def lose(self, event: dict[str, Any]) -> None:
        """Let one event be lost on the way; ``deliver`` brings it after all."""
        self.delivered.add(event["id"])

    def post(self, body: str, *, secret: str | None = None, **extra: Any) -> int:
        """Post ``body`` to the webhook as Stripe would; returns the HTTP status."""
        signed_with = secret or self.account.webhook_secrets[0]
        header = WebhookSignature.generate_signature_header(body, signed_with)
        # Inside a test's transaction nothing is committed, so commits are played.
        with TestCase.captureOnCommitCallbacks(execute=True):
            response = Client().post(
                reverse("wagtail_billing_portal:webhook", args=[self.alias]),
                body,
                content_type="application/json",
                headers={"Stripe-Signature": header},
                **extra,
            )
        return response.status_code

    def _events_after(self, id: str) -> list[dict[str, Any]]:
        """Oldest first, as they are sent: those of a connected account name it."""
        connected = self.account.connected_account
        name = {"account": connected} if connected else {}
        found: list[dict[str, Any]] = []
        where: Params = {"ending_before": id} if id else {}
        has_more = True
        while has_more:
            # As JSON: the library's own objects would cost more than all the rest.
            page = self.client.raw_request("get", "/v1/events", limit=100, **where)
            newest_first, has_more = page.data["data"], page.data["has_more"]
            found = [*newest_first, *found] if id else [*found, *newest_first]
            if has_more and id:
                where = {"ending_before": newest_first[0]["id"]}
            elif has_more:
                where = {"starting_after": newest_first[-1]["id"]}
        return [{**it, **name} for it in reversed(found)]

    def _pay_by(self, card: str, customer: str) -> None:
        """Nothing but the customer's default is charged, whatever a checkout kept."""
        self.give_card(customer, card)
        v1 = self.client.v1
        for subscription in v1.subscriptions.list({"customer": customer}):
            if subscription.default_payment_method:
                v1.subscriptions.update(subscription.id, {"default_payment_method": ""})

    @contextmanager
    def _world_of(self, kind: str, id: str) -> Iterator[World]:
        """The world of an object, at the time of its test clock if it is on one."""
        with world_holding(kind, id) as world:
            if world is None:
                raise ValueError(f"The sandbox has no {kind} {id}.")
            yield world

    def register_webhook(self, url: str) -> str:
        """Have the sandbox deliver by itself, to ``url``; returns the endpoint's id."""
        wanted: Params = {
            "url": url,
            "enabled_events": handled_events(),
            "api_version": API_VERSION,
            "connect": self.account.connected_account is not None,
            "metadata": {"sandbox_secret": self.account.webhook_secrets[0]},
        }
        # What happens on a connected account Stripe tells to its platform.
        platform = StripeClient(self.account.secret_key, http_client=SandboxTransport())
        return platform.v1.webhook_endpoints.create(wanted).id


def _session_id(url: str) -> str:
    found = re.search(r"cs_test_\w+", url)
    if found is None:
        raise ValueError(f"{url} is no Checkout page.")
    return found[0]


def is_sandboxed() -> bool:
    """Whether the portal talks to the sandbox; tests refuse to run otherwise."""
    return bool(conf.TRANSPORT) and all(
        account_by_alias(alias).is_sandbox for alias in conf.ACCOUNTS
    )
