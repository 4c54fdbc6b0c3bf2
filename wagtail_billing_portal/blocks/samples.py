"""What the block picker shows: the site's own plans, or made-up ones in their stead."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _

from ..accounts import BillingAccount
from ..models import InvoiceState, Price, Product, SubscriptionState
from ..money import format_amount, format_count, format_rate
from ..sections import Plan
from ..sections.invoices import InvoiceRow
from ..sections.subscription_card import SubscriptionCard
from ..sections.usage import MeteredCard, MeteredItem
from ..sections.usage_scale import Step

MOST_PLANS = 3
CURRENCY = "eur"


def sample_plans(account: BillingAccount | None) -> list[Plan]:
    """Up to three plans of the catalogue, the cheapest first."""
    return _catalogue(account) or _made_up(account)


def sample_subscriptions() -> list[SubscriptionCard]:
    """A subscription in good order."""
    in_a_month = timezone.now() + timedelta(days=27)
    amount = format_amount(1200, CURRENCY)
    return [
        SubscriptionCard(
            name=_("Supporter · monthly"),
            state=SubscriptionState.ACTIVE,
            price=_("%(amount)s a month, tax included") % {"amount": amount},
            payment_method=_("%(brand)s ending %(last4)s")
            % {"brand": "Visa", "last4": "4242"},
            next_charge=in_a_month,
            next_amount=amount,
            url="#",
        )
    ]


def sample_subscription_in_full() -> SubscriptionCard:
    """The same one with all that can be done with it."""
    [card] = sample_subscriptions()
    return replace(
        card,
        started=timezone.now() - timedelta(days=94),
        features=[_("Everything in Reader"), _("Members' evenings")],
        change_url="#",
        pause_url="#",
        cancel_url="#",
    )


def sample_invoices() -> list[InvoiceRow]:
    """Three months of a subscription, paid."""
    today = timezone.now()
    return [
        InvoiceRow(
            number=f"WL-{48 - month:04}",
            date=today - timedelta(days=30 * month + 3),
            description=_("Supporter"),
            amount=format_amount(1200, CURRENCY),
            state=InvoiceState.PAID,
            pdf_url="#",
        )
        for month in range(3)
    ]


def sample_usage() -> list[MeteredCard]:
    """Something counted in two steps, the first of them half used."""
    today = timezone.now()
    rates = [format_rate(Decimal(amount), CURRENCY) for amount in ("2", "1")]
    each = [_("%(amount)s each") % {"amount": rate} for rate in rates]
    count = {"used": format_count(1240), "width": format_count(2000)}
    first, second = format_count(2000), format_count(2001)
    steps = [
        Step(
            _("The first %(last)s") % {"last": first},
            each[0],
            used=_("%(n)s used") % {"n": count["used"]},
            share=62,
            is_current=True,
        ),
        Step(
            _("From %(first)s on") % {"first": second}, each[1], share=0, is_open=True
        ),
    ]
    item = MeteredItem(
        name=_("Archive pages"),
        used=count["used"],
        cost=format_amount(2480, CURRENCY),
        since=today - timedelta(days=12),
        until=today + timedelta(days=18),
        steps=steps,
        sentence=_("%(used)s of the first %(width)s: %(rate)s.")
        % {**count, "rate": each[0]},
    )
    return [MeteredCard(_("Archive · monthly"), "#", [item])]


def _catalogue(account: BillingAccount | None) -> list[Plan]:
    if account is None:
        return []
    prices = (
        Price.objects.existing()
        .on_account(account.settings.stripe_account)
        .filter(active=True, type="recurring", product__active=True)
        .filter(product__deleted_at=None)
        .select_related("product")
        .order_by("product", "currency", "unit_amount")
    )
    plans = [
        Plan(prices=_one_currency(list(group)))
        for _product, group in groupby(prices, key=lambda price: price.product_id)
    ]
    return sorted(plans, key=_cheapest)[:MOST_PLANS]


def _one_currency(prices: list[Price]) -> list[Price]:
    return [price for price in prices if price.currency == prices[0].currency]


def _cheapest(plan: Plan) -> int:
    return min(price.unit_amount or 0 for price in plan.prices)


def _made_up(account: BillingAccount | None) -> list[Plan]:
    alias = account.settings.stripe_account if account else "default"
    wares = [
        (_("Reader"), 500, [_("Weekly issue"), _("The whole archive")]),
        (_("Supporter"), 1200, [_("Everything in Reader"), _("Members' evenings")]),
        (_("Team"), 3900, [_("Everything in Supporter"), _("One invoice for all")]),
    ]
    return [
        Plan(
            prices=[_price(alias, name, amount)],
            features=features,
            is_highlighted=position == 1,
            badge=_("Most popular") if position == 1 else "",
        )
        for position, (name, amount, features) in enumerate(wares)
    ]


def _price(alias: str, name: str, amount: int) -> Price:
    """A price that is nowhere stored, for the eye only."""
    product = Product(pk=f"sample_{amount}", name=name, active=True)
    return Price(
        pk=f"sample_price_{amount}",
        stripe_account=alias,
        product=product,
        active=True,
        type="recurring",
        currency=CURRENCY,
        unit_amount=amount,
        interval="month",
        interval_count=1,
        data={"tax_behavior": "inclusive"},
    )
