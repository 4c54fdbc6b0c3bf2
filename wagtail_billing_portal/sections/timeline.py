"""What happened to a subscription, and what will."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Act, Price, Subscription, SubscriptionAct
from .subscription_card import SubscriptionCard
from .words import plan_words

#: A history need not be complete to be told.
MOST_ACTS = 20
#: Acts of which a member's own words are kept.
NAMED = (Act.DISCOUNTED, Act.UNDISCOUNTED)
#: Acts of which is kept what there was to be: "price_1 x4", or "-price_1" without it.
CHANGES = {
    Act.CHANGED: gettext_lazy("Changed: %(plan)s"),
    Act.SCHEDULED: gettext_lazy("Change scheduled: %(plan)s"),
}


@dataclass(frozen=True)
class Moment:
    """One line of a timeline."""

    at: datetime
    words: str


def past_of(subscription: Subscription) -> list[Moment]:
    """What happened, newest first: one query, and one for what it was changed to."""
    acts = list(subscription.acts.all()[:MOST_ACTS])
    prices = _prices_of(acts)
    moments = [Moment(act.at, _words_of(act, prices)) for act in acts]
    if subscription.created is not None:
        moments.append(Moment(subscription.created, _("Subscribed")))
    was_told = any(act.act == Act.CANCELLED_NOW for act in acts)
    if subscription.has_ended and subscription.ends_at is not None and not was_told:
        moments.append(Moment(subscription.ends_at, _("Ended")))
    # Of one second, what was noted first stays last.
    return sorted(moments, key=lambda it: it.at, reverse=True)


def begun(card: SubscriptionCard) -> list[Moment]:
    """What happened, where nothing more is known than that it began."""
    return [Moment(card.started, _("Subscribed"))] if card.started else []


def future_of(card: SubscriptionCard) -> list[Moment]:
    """What is to come, the next thing first."""
    if card.is_over:
        return []
    found = [
        (card.trial_end, _("Your free trial ends")),
        (card.comes_on, _("It changes to: %(plan)s") % {"plan": card.comes}),
        (card.resumes, _("It goes on by itself")),
        (card.next_charge, _("Next invoice") if card.is_invoiced else _("Next charge")),
        (card.ends, _("It ends")),
    ]
    # What ends before them takes its discounts along.
    found += [
        (it.end, _("A discount ends: %(saves)s") % {"saves": it.saves})
        for it in card.discounts
        if it.end and not (card.ends and card.ends <= it.end)
    ]
    moments = [Moment(at, words) for at, words in found if at is not None]
    return sorted(moments, key=lambda it: it.at)


def _prices_of(acts: Iterable[SubscriptionAct]) -> Mapping[str, Price]:
    ids = {_change_in(act)[0] for act in acts if act.act in CHANGES}
    return Price.objects.select_related("product").in_bulk(ids) if ids else {}


def _change_in(act: SubscriptionAct) -> tuple[str, str]:
    """A price and how many of it; none where it was taken away."""
    id, _x, count = act.about.partition(" x")
    return id.removeprefix("-"), count


def _words_of(act: SubscriptionAct, prices: Mapping[str, Price]) -> str:
    words = str(act.get_act_display())
    if act.act in NAMED and act.about:
        return f"{words}: {act.about}"
    id, count = _change_in(act)
    if act.act in CHANGES and (price := prices.get(id)):
        return str(CHANGES[Act(act.act)]) % {"plan": _plan_of(price, count)}
    return words


def _plan_of(price: Price, count: str) -> str:
    plan = plan_words(price)
    if not count:
        return _("without %(plan)s") % {"plan": plan}
    return plan if count == "1" else f"{count} × {plan}"
