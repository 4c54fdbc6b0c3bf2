"""dj-stripe mirrors the sandbox as it would Stripe, from a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.sandbox.tour.test_tour import chapters
from tests.tools.sandbox_process import sandbox_process

SITE = Path(__file__).parent / "djstripe"
KEY = "sk_test_sandboxAnotherMirrorOfStripe"
MIRROR = "dj-stripe~=2.11.0"
#: dj-stripe asks for Stripe's ten at a time.
MORE_THAN_A_PAGE = 12

V1 = stripe.V1Services
Listing = Callable[[V1], list[str]]
Report = dict[str, Any]


def _all(found: Any) -> list[Any]:
    return list(found.auto_paging_iter())


def _ids(found: Any) -> list[str]:
    return [one.id for one in _all(found)]


def _of_each(parents: list[Any], listed: Callable[[str], Any]) -> list[str]:
    return [id for parent in parents for id in _ids(listed(parent.id))]


# Every model that dj-stripe has of what the sandbox serves, but two whose lists it asks
# for in ways that Stripe refuses: ActiveEntitlement without a customer, and TaxId with
# an `id` that is no parameter of that list.
MODELS: dict[str, Listing] = {
    "Account": lambda v1: [
        v1.accounts.retrieve_current().id,
        *_ids(v1.accounts.list()),
    ],
    "BalanceTransaction": lambda v1: _ids(v1.balance_transactions.list()),
    "Charge": lambda v1: _ids(v1.charges.list()),
    "Coupon": lambda v1: _ids(v1.coupons.list()),
    "Customer": lambda v1: _ids(v1.customers.list()),
    "Dispute": lambda v1: _ids(v1.disputes.list()),
    "Event": lambda v1: _ids(v1.events.list()),
    "Feature": lambda v1: _ids(v1.entitlements.features.list()),
    "Invoice": lambda v1: _ids(v1.invoices.list()),
    "InvoiceItem": lambda v1: _ids(v1.invoice_items.list()),
    "LineItem": lambda v1: _of_each(
        _all(v1.invoices.list()), v1.invoices.line_items.list
    ),
    "PaymentIntent": lambda v1: _ids(v1.payment_intents.list()),
    "PaymentMethod": lambda v1: _of_each(
        _all(v1.customers.list()), v1.customers.payment_methods.list
    ),
    "Price": lambda v1: _ids(v1.prices.list()),
    "Product": lambda v1: _ids(v1.products.list()),
    "PromotionCode": lambda v1: _ids(v1.promotion_codes.list()),
    "Refund": lambda v1: _ids(v1.refunds.list()),
    "Session": lambda v1: _ids(v1.checkout.sessions.list()),
    "SetupIntent": lambda v1: _ids(v1.setup_intents.list()),
    "Subscription": lambda v1: _ids(v1.subscriptions.list({"status": "all"})),
    "SubscriptionItem": lambda v1: _of_each(
        _all(v1.subscriptions.list({"status": "all"})),
        lambda id: v1.subscription_items.list({"subscription": id}),
    ),
    "SubscriptionSchedule": lambda v1: _ids(v1.subscription_schedules.list()),
    "TaxRate": lambda v1: _ids(v1.tax_rates.list()),
    "WebhookEndpoint": lambda v1: _ids(v1.webhook_endpoints.list()),
}


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python of its own that has dj-stripe."""
    folder = tmp_path_factory.mktemp("mirror") / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    install = [sys.executable, "-m", "uv", "pip", "install", "--quiet"]
    done = subprocess.run([*install, "--python", python, MIRROR])
    if done.returncode and not os.environ.get("REQUIRE_ALL"):
        pytest.skip(f"{MIRROR} comes from a package index, and none can be reached.")
    assert done.returncode == 0
    return python


def test_another_mirror_lists_and_retrieves_all_that_it_knows(mirror):
    with sandbox_process() as (_, origin):
        v1 = stripe.StripeClient(KEY, base_addresses={"api": origin}).v1
        _fill(v1)
        there = {name: set(listed(v1)) for name, listed in MODELS.items()}

        report = _mirrored(mirror, origin)

    assert report["complaints"] == report["lost"] == []
    for name, ids in there.items():
        assert ids, f"There is no {name} to mirror."
        assert ids - set(report["rows"][name]) == set()
    for name in ("Charge", "Customer", "Event", "PaymentMethod", "Price", "Product"):
        assert len(there[name]) >= MORE_THAN_A_PAGE


def _fill(v1: V1) -> None:
    """All that a shop can have, and more of the common things than a page shows."""
    for chapter in chapters():
        chapter(v1)
    v1.webhook_endpoints.create(
        {"url": "https://shop.test/hook", "enabled_events": ["account.updated"]}
    )
    for number in range(MORE_THAN_A_PAGE):
        v1.customers.create({"payment_method": "pm_card_visa"})
        v1.prices.create(
            {"currency": "eur", "product_data": {"name": f"Loaf {number}"}}
            | {"unit_amount": 300 + number}
        )
        v1.charges.create({"amount": 500, "currency": "eur", "source": "tok_visa"})


def _mirrored(python: Path, origin: str) -> Report:
    """What dj-stripe has to say after a sync of all its models."""
    done = subprocess.run(
        [python, SITE / "sync.py", *MODELS],
        env={
            "DJANGO_SETTINGS_MODULE": "settings",
            "PYTHONPATH": str(SITE),
            "STRIPE_API_HOST": origin,
            "STRIPE_TEST_SECRET_KEY": KEY,
        },
        check=True,
        capture_output=True,
        text=True,
    )
    report: Report = json.loads(done.stdout)
    return report
