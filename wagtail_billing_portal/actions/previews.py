"""What a change would cost, asked of Stripe before a member confirms it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..accounts import BillingAccount
from ..exceptions import FiguresChanged
from ..models import BillingAnchor, Discount, Subscription, TrialChange
from ..policies.plans import may_have
from ..policies.subscriptions import (
    may_add,
    may_change_plan,
    may_change_quantity,
    may_remove,
)
from ..policies.timing import Change, comes_at, length_of, proration_of, waits
from .confirmation import shown_in
from .figures import Bill, Figures, Json, Preview, bill_of, end_of
from .upcoming import invoice_to_come


def require(
    account: BillingAccount, subscription: Subscription, change: Change
) -> None:
    """Raise ``NotAllowed`` unless this member may have this change."""
    if change.item is None:
        may_add(account, subscription, change.price).require()
    elif change.price is None:
        may_remove(account, subscription, change.item).require()
    elif change.is_of_quantity:
        may_change_quantity(
            account, subscription, change.item, change.quantity
        ).require()
    else:
        may_change_plan(account, subscription, change.item, change.price).require()
    if change.price is not None:
        held = change.item.quantity if change.item else None
        may_have(account, change.price, change.quantity, held=held).require()


def preview_change(
    account: BillingAccount,
    subscription: Subscription,
    change: Change,
    *,
    proration_date: int | None = None,
) -> Preview:
    """What Stripe would charge for it. Nothing is changed.

    ``proration_date`` (Unix seconds) is that of an earlier preview. Raises
    ``NotAllowed`` or another ``BillingError``.
    """
    require(account, subscription, change)
    asks = _Asks(account, subscription, change)
    return asks.at_period_end() if asks.waits else asks.at_once(proration_date)


def preview_again(
    account: BillingAccount, subscription: Subscription, change: Change, signed: str
) -> Preview:
    """The preview that a member confirmed, if its figures still hold.

    Raises ``FiguresChanged`` when they do not, ``NotAllowed`` or another
    ``BillingError``.
    """
    seen = shown_in(signed, act="change", subscription=subscription)
    if seen["change"] != change.as_words():
        raise FiguresChanged("The figures are those of another change.")
    again = preview_change(
        account, subscription, change, proration_date=seen["proration_date"]
    )
    if again.figures.money != seen["money"]:
        raise FiguresChanged("Stripe reckons otherwise by now.")
    return again


class _Asks:
    """The questions to Stripe about one change."""

    def __init__(
        self, account: BillingAccount, subscription: Subscription, change: Change
    ) -> None:
        self.settings = account.settings
        self.subscription = subscription
        self.change = change
        self.waits = waits(self.settings, subscription, change)

    def at_once(self, proration_date: int | None) -> Preview:
        terms = terms_of(self.settings, self.subscription, self.change)
        asked, asked_at = self._asked(
            terms, proration_date, mode="next", behavior=terms.behavior
        )
        if terms.charges_now:
            now = bill_of(asked)
            then_at = (
                end_of(asked, after=asked_at) if terms.restarts else self._period_end()
            )
            if terms.restarts:
                items = _due_first(self.subscription, self.change)
                invoice, _at = self._recurring(terms, then_at, items, uses_once=True)
            else:
                invoice, _at = self._asked(
                    terms, asked_at, mode="next", behavior="none"
                )
            balance = (asked.get("starting_balance") or 0) + now.from_balance
            then = bill_of(invoice).after(balance, self.subscription.currency)
        else:
            now, then = None, bill_of(asked)
            then_at = self._trial_end() or self._period_end()
        figures = Figures(
            currency=self.subscription.currency,
            now=now,
            then=then,
            then_at=then_at,
            changes_at=None,
            ends_trial=terms.ends_trial,
        )
        return Preview(self.change, figures, asked_at)

    def at_period_end(self) -> Preview:
        terms, subscription = Terms(behavior="none"), self.subscription
        comes = comes_at(subscription, self.change)
        end = int(comes.timestamp()) if comes else None
        is_one_date = len(subscription.period_ends) < 2
        then: Bill | None
        if is_one_date and self.change.restarts:
            asked, asked_at = self._recurring(terms, end, self.change.params)
            # What recurs knows of no balance.
            then = bill_of(asked).after(self._balance(), subscription.currency)
        elif is_one_date or comes == subscription.current_period_end:
            asked, asked_at = self._asked(terms, None, mode="next", behavior="none")
            then = bill_of(asked)
        else:
            # Until then other items are charged, as they would be without it.
            then, asked_at = None, 0
        figures = Figures(
            currency=subscription.currency,
            now=None,
            then=then,
            then_at=end,
            changes_at=end,
        )
        return Preview(self.change, figures, asked_at)

    def _recurring(
        self,
        terms: Terms,
        at: int | None,
        items: list[Json],
        *,
        uses_once: bool = False,
    ) -> tuple[Json, int]:
        """What each period costs from ``at`` on, with the discounts that last so long.

        ``uses_once``: what counts for one invoice is used up before.
        """
        lasting = [
            {"discount": it.pk}
            for it in self.subscription.current_discounts
            if _lasts(it, at) and not (uses_once and _is_for_once(it))
        ]
        return self._asked(
            terms,
            None,
            mode="recurring",
            behavior="none",
            items=items,
            discounts=lasting or "",
        )

    def _balance(self) -> int:
        """As the mirror has it, by Stripe's sign: negative is the customer's credit."""
        customer = self.subscription.customer
        return (customer and customer.data.get("balance")) or 0

    def _trial_end(self) -> int | None:
        end = self.subscription.trial_end
        return int(end.timestamp()) if end else None

    def _period_end(self) -> int | None:
        end = self.subscription.current_period_end
        return int(end.timestamp()) if end else None

    def _asked(
        self,
        terms: Terms,
        at: int | None,
        *,
        mode: str,
        behavior: str,
        items: list[Json] | None = None,
        **more: Any,
    ) -> tuple[Json, int]:
        items = items or self.change.params
        details: Json = {"items": items, "proration_behavior": behavior}
        if mode == "next":
            details |= terms.params
        if at is not None and behavior != "none":
            details["proration_date"] = at
        answer = invoice_to_come(self.subscription, details, preview_mode=mode, **more)
        return answer.data, at or answer.as_of


@dataclass(frozen=True)
class Terms:
    """How a change is made, in Stripe's words."""

    behavior: str
    charges_now: bool = False
    restarts: bool = False
    ends_trial: bool = False

    @property
    def params(self) -> Json:
        """What goes beside ``items`` and ``proration_behavior``."""
        if self.ends_trial:
            return {"trial_end": "now"}
        return {"billing_cycle_anchor": {"type": "now"}} if self.restarts else {}


def terms_of(settings: Any, subscription: Subscription, change: Change) -> Terms:
    """The terms of a change that is made at once."""
    behavior = proration_of(settings, subscription)
    if subscription.status == "trialing":
        if settings.trial_change == TrialChange.CONTINUE_TRIAL:
            return Terms(behavior="none")
        return Terms(
            behavior=behavior, charges_now=True, ends_trial=True, restarts=True
        )
    wants_restart = change.restarts or (
        settings.billing_anchor == BillingAnchor.NOW
        and not subscription.is_paid_by_invoice
    )
    # What is charged at other times has a day of its own.
    restarts = wants_restart and _is_charged_as_one(subscription, change)
    charges_now = restarts or behavior == "always_invoice"
    return Terms(behavior=behavior, charges_now=charges_now, restarts=restarts)


def _lasts(discount: Discount, at: int | None) -> bool:
    return discount.end is None or at is None or discount.end.timestamp() > at


def _is_for_once(discount: Discount) -> bool:
    return bool(discount.coupon and discount.coupon.data.get("duration") == "once")


def _is_charged_as_one(subscription: Subscription, change: Change) -> bool:
    """Whether all there will be is charged in the same intervals."""
    kept = [it.price for it in subscription.items.all() if it != change.item]
    return len({price.period for price in (*kept, change.price) if price}) < 2


def _due_first(subscription: Subscription, change: Change) -> list[Json]:
    """The change as ``items``, without what is charged less often than the rest.

    That is not on the first invoice of those to come.
    """
    kept = [(it, it.price) for it in subscription.items.all() if it != change.item]
    lengths = [length_of(price) for _item, price in kept if price]
    shortest = min([*lengths, *([length_of(change.price)] if change.price else [])])
    later = [it for it, price in kept if price and length_of(price) > shortest]
    if change.price is None or length_of(change.price) == shortest:
        changed = change.params
    else:
        later = [*later, change.item] if change.item else later
        changed = []
    return [*changed, *({"id": it.pk, "deleted": True} for it in later)]
