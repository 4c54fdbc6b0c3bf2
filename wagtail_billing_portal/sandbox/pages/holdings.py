"""What a customer has, pays with and has paid, in the words of the portal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from wagtail_billing_portal.sandbox.pages.money import format_amount
from wagtail_billing_portal.sandbox.pages.rates import rate_of
from wagtail_billing_portal.sandbox.pages.words import (
    INVOICE_STATES,
    SUBSCRIPTION_STATES,
    card_label,
    on_date,
)

Json = dict[str, Any]

LIVE = frozenset({"active", "trialing", "past_due", "unpaid", "paused"})


@dataclass(frozen=True)
class Holding:
    """One subscription."""

    id: str
    name: str
    rate: str
    state: str
    tone: str
    sentence: str
    ends: bool


@dataclass(frozen=True)
class Bill:
    """One invoice in the list."""

    date: str
    number: str
    amount: str
    state: str
    tone: str
    url: str
    receipt_url: str


@dataclass(frozen=True)
class SavedCard:
    """A card that can be charged."""

    id: str
    label: str
    expiry: str
    is_default: bool


def holding_of(
    subscription: Json, *, names: dict[str, str], resumes: int | None = None
) -> Holding:
    """A subscription; ``names`` are the products' by their ids."""
    live = subscription["status"] in LIVE
    ending = is_ending(subscription)
    state, tone = SUBSCRIPTION_STATES[subscription["status"]]
    if live and ending:
        state, tone = gettext("Ends soon"), "warn"
    items = subscription["items"]["data"]
    currency = subscription["currency"]
    return Holding(
        id=subscription["id"],
        name=name_of(subscription, names),
        rate=" + ".join(
            rate_of(item["price"], currency, item.get("quantity")) for item in items
        ),
        state=str(state),
        tone=tone,
        sentence=_sentence(subscription, live=live, resumes=resumes),
        ends=live and ending,
    )


def bill_of(invoice: Json, *, receipt_url: str) -> Bill:
    """An invoice as a row of the list."""
    state, tone = INVOICE_STATES[invoice["status"]]
    return Bill(
        date=on_date(invoice["created"], width="medium"),
        number=invoice["number"] or invoice["id"],
        amount=format_amount(invoice["total"], invoice["currency"]),
        state=str(state),
        tone=tone,
        url=invoice["hosted_invoice_url"],
        receipt_url=receipt_url,
    )


def saved_card(method: Json, *, default: str | None) -> SavedCard:
    """A payment method with the month in which it stops working."""
    card = method.get("card") or {}
    expiry = f"{card['exp_month']:02}/{card['exp_year'] % 100:02}" if card else ""
    id = method["id"]
    return SavedCard(id, card_label(method), expiry, is_default=id == default)


def is_ending(subscription: Json) -> bool:
    """Whether a date is set on which it stops."""
    return bool(subscription["cancel_at_period_end"] or subscription["cancel_at"])


def paid_until(subscription: Json) -> int:
    """The moment until which it runs if nobody pays again."""
    moments = [item["current_period_end"] for item in subscription["items"]["data"]]
    end = subscription["cancel_at"] or max(moments)
    return int(end)


def name_of(subscription: Json, names: dict[str, str]) -> str:
    """The names of its products."""
    items = subscription["items"]["data"]
    return " + ".join(
        names.get(item["price"]["product"], item["price"]["product"]) for item in items
    )


def _sentence(subscription: Json, *, live: bool, resumes: int | None) -> str:
    if not live:
        ended = on_date(subscription["ended_at"])
        return gettext("Ended on %(date)s") % {"date": ended} if ended else ""
    date = on_date(paid_until(subscription))
    if is_ending(subscription):
        return gettext("You keep access until %(date)s.") % {"date": date}
    if subscription["status"] in ("past_due", "unpaid"):
        return gettext("The last payment failed. Pay the open invoice to keep it.")
    if subscription["status"] == "paused":
        if resumes:
            end = on_date(resumes)
            return gettext("It is paused until %(date)s.") % {"date": end}
        return gettext("It is paused. Nothing is charged.")
    if pending := subscription["pending_update"]:
        return gettext("A change waits for its payment until %(date)s.") % {
            "date": on_date(pending["expires_at"])
        }
    if subscription["status"] == "trialing":
        return gettext("The first payment is on %(date)s.") % {"date": date}
    return gettext("It renews on %(date)s.") % {"date": date}
