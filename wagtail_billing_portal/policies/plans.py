"""What there is to switch to, to add and to count: the catalogue, for one member."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ..adapter import get_adapter
from ..models import GroupedPrice, PlanGroup, Price, Subscription, SubscriptionItem
from .base import ALLOWED, Asker, Decision, denied, first_denial

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

#: Stripe takes so many items.
MOST_ITEMS = 20


class Chooser(Asker, Protocol):
    """An asker who knows what the site lets members choose from."""

    @property
    def user(self) -> AbstractBaseUser | AnonymousUser: ...
    @property
    def plan_groups(self) -> list[PlanGroup]: ...
    @property
    def current_subscriptions(self) -> list[Subscription]: ...


@dataclass(frozen=True)
class Option:
    """A price that a member could have, and whether this one may."""

    plan: GroupedPrice
    decision: Decision

    @property
    def price(self) -> Price:
        price: Price = self.plan.price
        return price


def options_for(
    asker: Chooser, subscription: Subscription, item: SubscriptionItem
) -> list[Option]:
    """Every other plan of the item's group, with whether one may switch to it.

    Prices in other currencies are those of other members.
    """
    return [
        Option(plan, may_switch_to(asker, subscription, item, plan.price))
        for plan in _siblings(asker, item)
        if plan.price_id != item.price_id and _is_shown(subscription, plan.price)
    ]


def extras_for(asker: Chooser, subscription: Subscription) -> list[Option]:
    """Every extra that it has not got yet, with whether one may add it."""
    held = {item.price_id for item in subscription.items.all()}
    return [
        Option(plan, may_extend_by(asker, subscription, plan.price))
        for group in asker.plan_groups
        if group.are_extras
        for plan in group.plans.all()
        if plan.price_id not in held and _is_shown(subscription, plan.price)
    ]


def changeable_items(
    asker: Chooser, subscription: Subscription
) -> list[SubscriptionItem]:
    """The items in whose place there could be another plan."""
    return [
        item
        for item in subscription.items.all()
        if options_for(asker, subscription, item)
    ]


def counted_items(asker: Chooser, subscription: Subscription) -> list[SubscriptionItem]:
    """The items of which a member chooses how many."""
    items = subscription.items.all()
    return [item for item in items if units_of(asker, item.price) is not None]


def units_of(asker: Chooser, price: Price | None) -> GroupedPrice | None:
    """The bounds within which a member chooses how many; ``None``: no choice."""
    if price is None or price.is_metered:
        return None
    plans = (plan for plan in _all_plans(asker) if plan.price_id == price.pk)
    return next((plan for plan in plans if plan.is_counted), None)


def units_in_place_of(asker: Chooser, item: SubscriptionItem, price: Price) -> int:
    """How many of ``price`` to offer instead: as many as now, as far as it has so many."""
    count = item.quantity or 1
    units = units_of(asker, price)
    if units is None:
        return 1 if units_of(asker, item.price) else count
    return max(units.minimum, min(count, units.maximum))


def may_have(
    asker: Chooser, price: Price, quantity: int, *, held: int | None = None
) -> Decision:
    """Whether so many of a price can be had by somebody who has ``held``."""
    units = units_of(asker, price)
    if units is None:
        # Nothing to choose: one, or as many as there have always been.
        if quantity in (1, held):
            return ALLOWED
        return denied("not_counted", _("This plan has no quantity to change."))
    if quantity < units.minimum:
        words = ngettext_lazy(
            "At least %(n)s is needed.", "At least %(n)s are needed.", "n"
        )
        return denied("too_few", words % {"n": units.minimum})
    if quantity > units.maximum:
        return denied(
            "too_many",
            _("At most %(n)s can be had. Please contact us for more.")
            % {"n": units.maximum},
            asks_for_contact=True,
        )
    return ALLOWED


def is_extra(asker: Chooser, item: SubscriptionItem) -> bool:
    """Whether a member may add and remove it, instead of switching it."""
    return any(
        plan.price_id == item.price_id
        for group in asker.plan_groups
        if group.are_extras
        for plan in group.plans.all()
    )


def group_of(asker: Chooser, price: Price) -> PlanGroup | None:
    """The group that has this price, or another one of its product."""
    for group in asker.plan_groups:
        if not group.are_extras:
            for plan in group.plans.all():
                if price.product_id == plan.price.product_id:
                    return group
    return None


def may_switch_to(
    asker: Chooser, subscription: Subscription, item: SubscriptionItem, price: Price
) -> Decision:
    """What stands against this price in the place of that one."""
    if item.price is None or price.pk == item.price_id:
        return denied("same_plan", _("This is your plan already."))
    if price.pk not in {plan.price_id for plan in _siblings(asker, item)}:
        return denied("not_in_group", _("This plan can't be switched to from yours."))
    return first_denial(
        _suits(asker, subscription, price),
        _is_counted_alike(item.price, price),
        # Stripe's portal has the same rule: who pays €12 with tax in it would find
        # tax on top of it afterwards.
        _is_taxed_alike(item, item.price, price),
        _is_charged_together(subscription, price, but=item),
        _is_eligible(asker, subscription, price),
    )


def may_extend_by(asker: Chooser, subscription: Subscription, price: Price) -> Decision:
    """What stands against this price beside the others."""
    items = subscription.items.all()
    if price.pk not in {
        plan.price_id
        for group in asker.plan_groups
        if group.are_extras
        for plan in group.plans.all()
    }:
        return denied("not_in_group", _("This can't be added to your subscription."))
    if any(item.price_id == price.pk for item in items):
        return denied("same_plan", _("Your subscription has this already."))
    if len(items) >= MOST_ITEMS:
        return denied("too_many", _("No more can be added to this subscription."))
    return first_denial(
        _suits(asker, subscription, price),
        _is_charged_together(subscription, price),
        _is_eligible(asker, subscription, price),
    )


def _all_plans(asker: Chooser) -> Iterator[GroupedPrice]:
    for group in asker.plan_groups:
        yield from group.plans.all()


def _siblings(asker: Chooser, item: SubscriptionItem) -> list[GroupedPrice]:
    group = group_of(asker, item.price) if item.price else None
    return list(group.plans.all()) if group else []


def _is_shown(subscription: Subscription, price: Price) -> bool:
    return price.is_for_sale and _is_in_currency_of(subscription, price)


def _is_in_currency_of(subscription: Subscription, price: Price) -> bool:
    return not subscription.currency or price.is_sold_in(subscription.currency)


def _suits(asker: Asker, subscription: Subscription, price: Price) -> Decision:
    is_ours = price.stripe_account == asker.settings.stripe_account
    if not (price.is_for_sale and price.is_recurring and is_ours):
        return denied("not_for_sale", _("This plan is no longer sold."))
    if not _is_in_currency_of(subscription, price):
        return denied(
            "other_currency",
            _("This plan is paid in another currency than your subscription."),
        )
    if price.tax_behavior == "unspecified":
        return denied("tax_unknown", _("This plan can't be switched to at the moment."))
    return ALLOWED


def _is_counted_alike(old: Price, new: Price) -> Decision:
    # Stripe takes no item from use that is counted to units that are bought.
    if old.is_metered != new.is_metered:
        return denied(
            "other_kind",
            _("This plan is charged in another way. Please contact us to switch."),
            asks_for_contact=True,
        )
    return ALLOWED


def _is_taxed_alike(item: SubscriptionItem, old: Price, new: Price) -> Decision:
    paid_in = item.currency
    if old.tax_behavior_in(paid_in) != new.tax_behavior_in(paid_in):
        return denied(
            "other_tax",
            _("Tax is counted differently in this plan. Please contact us to switch."),
            asks_for_contact=True,
        )
    return ALLOWED


def _is_charged_together(
    subscription: Subscription, price: Price, *, but: SubscriptionItem | None = None
) -> Decision:
    # Stripe mixes intervals in flexible billing mode alone.
    others = [it.price for it in subscription.items.all() if it != but and it.price]
    is_mixed = any(it.period != price.period for it in others)
    if subscription.is_flexible or not is_mixed:
        return ALLOWED
    return denied(
        "other_interval",
        _("This is charged at other times than your subscription, so it can't be had."),
    )


def _is_eligible(asker: Chooser, subscription: Subscription, price: Price) -> Decision:
    user = asker.user
    if user.is_anonymous:
        return denied("anonymous", _("Log in to change your subscription."))
    reason = get_adapter().why_not_switch(user, subscription, price)
    return denied("not_eligible", reason) if reason else ALLOWED
