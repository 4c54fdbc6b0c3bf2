"""When a new subscription begins, and on which days it is billed."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import NamedTuple

from wagtail_billing_portal.sandbox.billing.fields import Json, only_one
from wagtail_billing_portal.sandbox.billing.periods import DAY, period_end
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

_LONGEST_TRIAL = 730
_CLOCK = ("hour", "minute", "second")


class Start(NamedTuple):
    """The moments that a new subscription is built around."""

    begins: int
    trial_end: int | None
    anchor: int
    anchor_config: Json | None


def read(world: World, params: Json, prices: list[Json]) -> Start:
    """What a request says about the beginning, the trial and the billing dates."""
    trial_end = _trial_end(world, params, prices)
    begins = params.get("backdate_start_date", world.now)
    if begins > world.now:
        raise InvalidRequest(
            "`backdate_start_date` must be in the past.", param="backdate_start_date"
        )
    only_one(params, "billing_cycle_anchor", "billing_cycle_anchor_config")
    first = trial_end or world.now
    config = params.get("billing_cycle_anchor_config")
    if config:
        anchor = _next_occurrence(first, config, prices)
        config = {**dict.fromkeys(("month", *_CLOCK)), **config}
    else:
        anchor = params.get("billing_cycle_anchor", first)
        _check_anchor(anchor, first, prices)
    return Start(begins, trial_end, anchor, config or None)


def _trial_end(world: World, params: Json, prices: list[Json]) -> int | None:
    only_one(params, "trial_end", "trial_period_days")
    end = params.get("trial_end")
    days = params.get("trial_period_days")
    if end is None and params.get("trial_from_plan"):
        days = prices[0]["recurring"]["trial_period_days"]
    if days and int(days) > _LONGEST_TRIAL:
        raise InvalidRequest(
            f"The maximum number of trial period days is {_LONGEST_TRIAL} (2 years).",
            param="trial_period_days",
        )
    if days:
        return world.now + int(days) * DAY
    if end is None or end == "now":
        return None
    if int(end) <= world.now:
        raise InvalidRequest(
            "Invalid timestamp: must be an integer Unix timestamp in the future.",
            param="trial_end",
        )
    return int(end)


def _check_anchor(anchor: int, first: int, prices: list[Json]) -> None:
    param = "billing_cycle_anchor"
    if anchor < first:
        raise InvalidRequest(
            "Invalid timestamp: `billing_cycle_anchor` must be in the future.",
            param=param,
        )
    for price in prices:
        natural = period_end(first, anchor=first, recurring=price["recurring"])
        if anchor > natural:
            raise InvalidRequest(
                "`billing_cycle_anchor` cannot be later than next natural billing date "
                f"({natural}) for plan {price['id']}.",
                param=param,
            )


def _next_occurrence(first: int, config: Json, prices: list[Json]) -> int:
    path = "billing_cycle_anchor_config"
    if any(price["recurring"]["interval"] in ("day", "week") for price in prices):
        raise InvalidRequest(
            "`billing_cycle_anchor_config` can only be used with prices of a monthly "
            "or yearly interval.",
            param=path,
        )
    start = dt.datetime.fromtimestamp(first, tz=dt.UTC)
    wanted = {name: config.get(name, getattr(start, name)) for name in _CLOCK}
    index = start.year * 12 + start.month - 1
    while True:
        year, month = index // 12, index % 12 + 1
        last_day = calendar.monthrange(year, month)[1]
        day = min(config["day_of_month"], last_day)
        moment = dt.datetime(year, month, day, **wanted, tzinfo=dt.UTC)
        if moment >= start and config.get("month", month) == month:
            return int(moment.timestamp())
        index += 1
