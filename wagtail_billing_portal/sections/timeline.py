"""What happened to a subscription, and what will."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from ..models import Act, Subscription, SubscriptionAct
from .subscription_card import SubscriptionCard

#: A history need not be complete to be told.
MOST_ACTS = 20
#: Acts of which a member's own words are kept.
NAMED = (Act.DISCOUNTED, Act.UNDISCOUNTED)


@dataclass(frozen=True)
class Moment:
    """One line of a timeline."""

    at: datetime
    words: str


def past_of(subscription: Subscription) -> list[Moment]:
    """What happened, newest first: one query."""
    acts = list(subscription.acts.all()[:MOST_ACTS])
    moments = [Moment(act.at, _words_of(act)) for act in acts]
    if subscription.created is not None:
        moments.append(Moment(subscription.created, _("Subscribed")))
    was_told = any(act.act == Act.CANCELLED_NOW for act in acts)
    if subscription.has_ended and subscription.ends_at is not None and not was_told:
        moments.append(Moment(subscription.ends_at, _("Ended")))
    # Of one second, what was noted first stays last.
    return sorted(moments, key=lambda it: it.at, reverse=True)


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
    moments = [Moment(at, words) for at, words in found if at is not None]
    return sorted(moments, key=lambda it: it.at)


def _words_of(act: SubscriptionAct) -> str:
    words = str(act.get_act_display())
    if act.act in NAMED and act.about:
        words = f"{words}: {act.about}"
    return words
