"""What was used up to now, and the invoice that it makes: both from one preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ..accounts import BillingAccount
from ..models import Price, Subscription, SubscriptionItem
from ..models.tiers import Tier
from ..policies.subscriptions import may_view
from .figures import Bill, Json, Line, bill_of
from .upcoming import invoice_to_come

#: Minor units by which each line of a tier may be rounded.
ROUNDING = 1


@dataclass(frozen=True)
class Use:
    """What was used of one item in its period."""

    #: ``None``: not known, such as where a flat fee covers it.
    quantity: Decimal | None = None
    #: What that costs, in minor units, before discounts and taxes on top.
    amount: int | None = None


@dataclass(frozen=True)
class Usage:
    """What was used of a subscription, and the next invoice as it is by now."""

    #: By the item's id; what that invoice does not charge is not in it.
    uses: dict[str, Use] = field(default_factory=dict)
    #: ``None``: no invoice is to come.
    bill: Bill | None = None


def usage_of(account: BillingAccount, subscription: Subscription) -> Usage:
    """Ask Stripe once for what was used and what it costs.

    Raises ``NotAllowed`` or another ``BillingError``.
    """
    may_view(account, subscription).require()
    return usage_in(invoice_to_come(subscription).data, subscription)


def usage_in(invoice: Json, subscription: Subscription) -> Usage:
    """What an invoice to come says of what is metered; it is empty where none comes."""
    if not invoice:
        return Usage()
    bill, listed = bill_of(invoice), invoice["lines"]
    items = {it.pk: it for it in subscription.metered_items}
    if listed.get("has_more"):
        # Some lines of an item, and not the others, would count too few.
        return Usage({id: Use() for id in items}, bill)
    found: dict[str, list[Json]] = {}
    for line in listed["data"]:
        found.setdefault(_item_of(line), []).append(line)
    uses = {
        id: _use(item.price, subscription.currency, found[id])
        for id, item in items.items()
        if item.price is not None and id in found
    }
    return Usage(uses, replace(bill, lines=_lines(listed["data"], items)))


def _lines(data: list[Json], items: dict[str, SubscriptionItem]) -> tuple[Line, ...]:
    """A line for each thing that is counted, in place of one for each of its tiers."""
    found: dict[str, Line] = {}
    for line in data:
        price = item.price if (item := items.get(_item_of(line))) else None
        if item is None or price is None:
            found[line["id"]] = Line(line.get("description") or "", line["amount"])
            continue
        before = found[item.pk].amount if item.pk in found else 0
        name = str(price.product or price.pk)
        found[item.pk] = Line(name, before + line["amount"])
    return tuple(found.values())


def _item_of(line: Json) -> str:
    parent = line.get("parent") or {}
    details = parent.get("subscription_item_details") or {}
    return str(details.get("subscription_item", ""))


def _use(price: Price, currency: str, lines: list[Json]) -> Use:
    amount = sum(line["amount"] for line in lines)
    total = sum(map(_quantity_of, lines), Decimal(0))
    if not price.has_tiers:
        return Use(total, amount)
    tiers = price.tiers_in(currency)
    count = _count_by_volume if price.is_by_volume else _count_step_by_step
    return Use(count(tiers, lines, total, amount), amount)


def _count_step_by_step(
    tiers: Sequence[Tier], lines: list[Json], total: Decimal, amount: int
) -> Decimal | None:
    """How many there are in graduated tiers, where each that is reached has a line.

    ``None`` where a flat fee alone is charged, or where it would cost something else.
    """
    left, cost = total, Decimal(0)
    for number, tier in enumerate(tiers, 1):
        left -= _counted_as_fee(tier, lines)
        if tier.is_flat_only:
            if left <= 0:
                return None
            cost += tier.cost_of(Decimal(0))
            continue
        width = left if tier.up_to is None else Decimal(tier.up_to - tier.above)
        cost += tier.cost_of(min(left, width))
        if left <= width:
            is_its_cost = abs(cost - amount) <= 2 * number * ROUNDING
            return tier.above + left if is_its_cost else None
        left -= width
    return None


def _count_by_volume(
    tiers: Sequence[Tier], lines: list[Json], total: Decimal, amount: int
) -> Decimal | None:
    """How many there are where all of them are in one tier.

    ``None`` where that may be the flat fee alone, or where two tiers would fit.
    """
    fitting: set[Decimal | None] = set()
    for tier in tiers:
        fees = _counted_as_fee(tier, lines)
        if tier.is_flat_only:
            if fees == total:
                fitting.add(None)
            continue
        quantity = total - fees
        is_its_cost = abs(tier.cost_of(quantity) - amount) <= 2 * ROUNDING
        if tier.holds(quantity) and is_its_cost:
            fitting.add(quantity)
    return fitting.pop() if len(fitting) == 1 else None


def _counted_as_fee(tier: Tier, lines: list[Json]) -> int:
    """A flat fee has a line of its own, of one unit that nobody used."""
    if tier.flat is None:
        return 0
    fees = (line for line in lines if _quantity_of(line) == 1)
    return int(any(abs(line["amount"] - tier.flat) < ROUNDING for line in fees))


def _quantity_of(line: Json) -> Decimal:
    exact = line.get("quantity_decimal")
    return Decimal(str(line.get("quantity") or 0 if exact is None else exact))
