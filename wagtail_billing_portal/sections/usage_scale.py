"""Where a number stands among the steps of a price: a picture, and a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import Price
from ..models.tiers import Tier
from ..money import format_count
from .rates import package_words, range_words, tier_words, unit_words

FULL = 100
#: An open step is half full when it holds as much as all below it, and never full.
MOST_OF_AN_OPEN_STEP = 95


@dataclass(frozen=True)
class Step:
    """One step of a price, and how much of it is used."""

    range: str
    rate: str
    #: How many of it are used, in words; empty where that is not known.
    used: str = ""
    #: Percent of it that is used, as its bar shows; ``None``: not known, so no bar.
    share: int | None = None
    is_current: bool = False
    is_open: bool = False


def steps_of(price: Price, currency: str, quantity: Decimal | None) -> list[Step]:
    """The picture: a bar for each step. Empty where all units cost the same."""
    if price.packing:
        return _packages(price, currency, quantity)
    tiers = price.tiers_in(currency)
    if len(tiers) < 2:
        return []
    return [_step(tier, price, currency, quantity) for tier in tiers]


def sentence_of(price: Price, currency: str, quantity: Decimal | None) -> str:
    """The same in words, ending with a full stop."""
    if price.packing:
        return _package_sentence(price, currency, quantity)
    tiers = price.tiers_in(currency)
    if not tiers:
        each = price.unit_amount_in(currency)
        return "" if each is None else _full_stop(unit_words(each, price, currency))
    if len(tiers) == 1:
        return _full_stop(tier_words(tiers[0], price, currency))
    if quantity is None:
        return ""
    if price.is_by_volume:
        return _volume_sentence(tiers, price, currency, quantity)
    return _graduated_sentence(tiers, price, currency, quantity)


def _step(tier: Tier, price: Price, currency: str, quantity: Decimal | None) -> Step:
    share = tier.share_of(quantity or Decimal(0))
    is_current = quantity is not None and tier.holds(quantity)
    counts = is_current if price.is_by_volume else bool(share)
    used = quantity if price.is_by_volume else share
    words = _("%(n)s used") % {"n": format_count(used)} if counts and used else ""
    return Step(
        range=range_words(tier, in_all=price.is_by_volume),
        rate=tier_words(tier, price, currency),
        used=words,
        share=None if quantity is None else _percent(tier, share),
        is_current=is_current,
        is_open=tier.up_to is None,
    )


def _packages(price: Price, currency: str, quantity: Decimal | None) -> list[Step]:
    """The package that is being used: those before it are full."""
    each, size = price.unit_amount_in(currency), (price.packing or {})["divide_by"]
    if each is None or quantity is None:
        return []
    full, rest = divmod(quantity, size)
    if quantity and not rest:
        full, rest = full - 1, Decimal(size)
    used = {"n": format_count(rest), "size": format_count(size)}
    return [
        Step(
            range=_("Package %(n)s") % {"n": format_count(full + 1)},
            rate=package_words(each, size, currency),
            used=_("%(n)s of %(size)s used") % used if rest else "",
            share=_percent(Tier(0, size, each, None), rest),
            is_current=True,
        )
    ]


def _percent(tier: Tier, share: Decimal) -> int:
    """Whole percent; what is begun shows, and only what is full looks full."""
    if not share:
        return 0
    if tier.up_to is None:
        percent = int(FULL * share / (share + max(tier.above, 1)))
        return min(max(percent, 2), MOST_OF_AN_OPEN_STEP)
    width = tier.up_to - tier.above
    if share >= width:
        return FULL
    return min(max(int(FULL * share / width), 2), FULL - 1)


def _graduated_sentence(
    tiers: Sequence[Tier], price: Price, currency: str, quantity: Decimal
) -> str:
    place = next(n for n, tier in enumerate(tiers) if tier.holds(quantity))
    tier = tiers[place]
    share = tier.share_of(quantity)
    words = {
        "used": format_count(share),
        "below": format_count(tier.above),
        "width": format_count((tier.up_to or 0) - tier.above),
        "rate": tier_words(tier, price, currency),
    }
    if tier.up_to is None:
        return _("The first %(below)s are used, and %(used)s more: %(rate)s.") % words
    if not quantity:
        here = f"{range_words(tier)}: {words['rate']}."
    elif tier.above == 0:
        here = _("%(used)s of the first %(width)s: %(rate)s.") % words
    else:
        here = (
            _(
                "The first %(below)s are used, and %(used)s of the next %(width)s: "
                "%(rate)s."
            )
            % words
        )
    return f"{here} {_next_sentence(tiers[place + 1], price, currency)}"


def _volume_sentence(
    tiers: Sequence[Tier], price: Price, currency: str, quantity: Decimal
) -> str:
    place = next(n for n, tier in enumerate(tiers) if tier.holds(quantity))
    tier = tiers[place]
    words = {
        "used": format_count(quantity),
        "rate": tier_words(tier, price, currency),
    }
    here = _("All %(used)s are charged alike: %(rate)s.") % words
    if not quantity:
        here = _full_stop(words["rate"])
    if tier.up_to is None:
        return here
    after = tiers[place + 1]
    there = _("With more than %(below)s, all of them are charged: %(rate)s.") % {
        "below": format_count(after.above),
        "rate": tier_words(after, price, currency),
    }
    return f"{here} {there}"


def _next_sentence(tier: Tier, price: Price, currency: str) -> str:
    words = {
        "first": format_count(tier.above + 1),
        "rate": tier_words(tier, price, currency),
    }
    return _("From %(first)s on: %(rate)s.") % words


def _package_sentence(price: Price, currency: str, quantity: Decimal | None) -> str:
    packing, each = price.packing or {}, price.unit_amount_in(currency)
    if each is None:
        return ""
    size = packing["divide_by"]
    rate = package_words(each, size, currency)
    begun = packing["round"] == "up"
    if not quantity:
        words = (
            _("%(rate)s, begun ones in full.")
            if begun
            else _("%(rate)s, full ones only.")
        )
        return words % {"rate": rate}
    whole, rest = divmod(quantity, size)
    number = int(whole + bool(rest)) if begun else int(whole)
    if begun:
        words = ngettext(
            "%(n)s package of %(size)s is begun: %(rate)s.",
            "%(n)s packages of %(size)s are begun: %(rate)s.",
            number,
        )
    else:
        words = ngettext(
            "%(n)s package of %(size)s is full: %(rate)s.",
            "%(n)s packages of %(size)s are full: %(rate)s.",
            number,
        )
    return words % {
        "n": format_count(number),
        "size": format_count(size),
        "rate": rate,
    }


def _full_stop(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
