"""Plans to end a subscription later, and taking them back."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing.fields import Json, assign, supported
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

DETAILS = ("comment", "feedback", "feedback_option")


def blank_details() -> Json:
    """Nobody said why."""
    return {"comment": None, "feedback": None, "feedback_option": None, "reason": None}


def write(world: World, subscription: Json, params: Json) -> None:
    """Apply ``cancel_at_period_end``, ``cancel_at`` and ``cancellation_details``."""
    at_period_end = params.get("cancel_at_period_end")
    if at_period_end and params.get("cancel_at"):
        raise InvalidRequest(
            "You may only specify one of these parameters: cancel_at, "
            "cancel_at_period_end.",
            param="cancel_at",
            code="parameters_exclusive",
        )
    if at_period_end is True:
        subscription["cancel_at_period_end"] = True
        _plan(world, subscription, _period_ends(subscription)[0])
    elif at_period_end is False and subscription["cancel_at_period_end"]:
        _take_back(subscription)
    if "cancel_at" in params:
        _write_moment(world, subscription, params["cancel_at"])
    write_details(world, subscription, params)


def write_details(world: World, subscription: Json, params: Json) -> None:
    """Keep what the customer said about leaving."""
    if "cancellation_details" not in params:
        return
    sent = params["cancellation_details"] or {}
    supported(sent, DETAILS, param="cancellation_details")
    if option := sent.get("feedback_option"):
        _check_option(world, option)
    details = dict(subscription["cancellation_details"])
    assign(details, sent, DETAILS)
    subscription["cancellation_details"] = details


def _check_option(world: World, option: str) -> None:
    param = "cancellation_details[feedback_option]"
    found = world.get("billing.feedback_option", option, param=param)
    if found["status"] != "active":
        raise InvalidRequest(
            f"The feedback option {option} is inactive and cannot be chosen.",
            param=param,
        )


def _write_moment(world: World, subscription: Json, moment: int | str) -> None:
    if moment == "":
        _take_back(subscription)
        return
    first, last = _period_ends(subscription)
    named = {"min_period_end": first, "max_period_end": last, "max_billed_until": last}
    resolved = named[moment] if isinstance(moment, str) else moment
    if resolved <= world.now:
        raise InvalidRequest(
            "`cancel_at` must be a timestamp in the future.", param="cancel_at"
        )
    subscription["cancel_at_period_end"] = False
    _plan(world, subscription, resolved)


def _plan(world: World, subscription: Json, moment: int) -> None:
    if subscription["cancel_at"] == moment and subscription["canceled_at"]:
        return
    subscription["cancel_at"] = moment
    subscription["canceled_at"] = world.now
    subscription["cancellation_details"] = {
        **subscription["cancellation_details"],
        "reason": "cancellation_requested",
    }


def _take_back(subscription: Json) -> None:
    subscription.update(
        cancel_at=None,
        cancel_at_period_end=False,
        canceled_at=None,
        cancellation_details=blank_details(),
    )


def _period_ends(subscription: Json) -> tuple[int, int]:
    ends = [item["current_period_end"] for item in subscription["items"]["data"]]
    return min(ends), max(ends)
