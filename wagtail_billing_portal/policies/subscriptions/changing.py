from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ...models import Feature, Price, Subscription, SubscriptionItem
from ..base import ALLOWED, Asker, Decision, denied, first_denial
from ..plans import (
    Chooser,
    Option,
    counted_items,
    extras_for,
    is_extra,
    may_extend_by,
    may_have,
    may_switch_to,
    options_for,
    units_of,
)
from .standing import can_change, has_not_ended, may_take_back, may_use


def may_change_plan(
    asker: Chooser,
    subscription: Subscription,
    item: SubscriptionItem | None = None,
    price: Price | None = None,
) -> Decision:
    """Put another price in the place of one; without ``price``: any.

    Without ``item`` it is asked of all of them, and a price is meant for the first.
    """
    if price is not None:
        item = item or subscription.first_item
    return first_denial(
        may_use(asker, subscription, Feature.CHANGE_PLAN),
        can_change(subscription),
        _is_of(subscription, item) if item or price else ALLOWED,
        may_switch_to(asker, subscription, item, price)
        if price and item
        else _has_a_choice(asker, subscription, item),
    )


def may_change_quantity(
    asker: Chooser,
    subscription: Subscription,
    item: SubscriptionItem | None = None,
    quantity: int | None = None,
) -> Decision:
    """Take more or fewer units of a price; without ``quantity``: at all.

    Without ``item`` the first that is counted is meant.
    """
    if item is None:
        counted = counted_items(asker, subscription)
        item = next(iter(counted), subscription.first_item)
    return first_denial(
        may_use(asker, subscription, Feature.CHANGE_QUANTITY),
        can_change(subscription),
        _is_of(subscription, item),
        _is_counted(asker, item),
        _is_within(asker, item, quantity),
        _is_another(item, quantity),
    )


def may_add(
    asker: Chooser, subscription: Subscription, price: Price | None = None
) -> Decision:
    """Add an extra; without ``price``: any."""
    return first_denial(
        may_use(asker, subscription, Feature.CHANGE_PLAN),
        can_change(subscription),
        _has_an_extra(asker, subscription)
        if price is None
        else may_extend_by(asker, subscription, price),
    )


def may_remove(
    asker: Chooser, subscription: Subscription, item: SubscriptionItem
) -> Decision:
    """Take an extra away again."""
    return first_denial(
        may_use(asker, subscription, Feature.CHANGE_PLAN),
        can_change(subscription),
        _is_of(subscription, item),
        _is_removable(asker, subscription, item),
    )


def may_undo_change(asker: Asker, subscription: Subscription) -> Decision:
    """Leave everything as it is, instead of what a member had scheduled."""
    return first_denial(
        may_take_back(asker, subscription),
        has_not_ended(subscription),
        _has_a_plan_of_ours(subscription),
    )


def _is_of(subscription: Subscription, item: SubscriptionItem | None) -> Decision:
    if item is None or item.subscription_id != subscription.pk:
        return denied("no_such_item", _("We can't find that in your subscription."))
    return ALLOWED


def _has_a_choice(
    asker: Chooser, subscription: Subscription, item: SubscriptionItem | None
) -> Decision:
    items = [item] if item else subscription.items.all()
    options = [o for it in items for o in options_for(asker, subscription, it)]
    if not options:
        return denied("nothing_else", _("There is no other plan to switch to."))
    return _any_of(options)


def _has_an_extra(asker: Chooser, subscription: Subscription) -> Decision:
    options = extras_for(asker, subscription)
    if not options:
        return denied("nothing_else", _("There is nothing to add."))
    return _any_of(options)


def _any_of(options: list[Option]) -> Decision:
    """Allowed where one is; else why the first is not."""
    decisions = [option.decision for option in options]
    return next((it for it in decisions if it), decisions[0])


def _is_counted(asker: Chooser, item: SubscriptionItem | None) -> Decision:
    if units_of(asker, item.price if item else None) is None:
        return denied("not_counted", _("This plan has no quantity to change."))
    return ALLOWED


def _is_within(
    asker: Chooser, item: SubscriptionItem | None, quantity: int | None
) -> Decision:
    if item is None or item.price is None or quantity is None:
        return ALLOWED
    return may_have(asker, item.price, quantity)


def _is_another(item: SubscriptionItem | None, quantity: int | None) -> Decision:
    if item is not None and quantity is not None and quantity == item.quantity:
        return denied("same_quantity", _("That is the quantity you have already."))
    return ALLOWED


def _is_removable(
    asker: Chooser, subscription: Subscription, item: SubscriptionItem
) -> Decision:
    if not is_extra(asker, item):
        return denied(
            "not_an_extra",
            _("This can't be removed by itself. Switch to another plan, or cancel."),
        )
    if len(subscription.items.all()) < 2:
        return denied(
            "last_item",
            _("This is all that the subscription has. Cancel it instead."),
        )
    return ALLOWED


def _has_a_plan_of_ours(subscription: Subscription) -> Decision:
    schedule = subscription.schedule
    is_ours = schedule is not None and schedule.is_ours and schedule.pause is None
    if schedule is None or not is_ours or not schedule.is_ahead:
        return denied(
            "nothing_pending", _("No change is scheduled that you could undo.")
        )
    return ALLOWED
