"""When the phases of a schedule begin and end."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing.fields import Json, only_one
from wagtail_billing_portal.sandbox.billing.periods import DAY, add_months
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}
_LONGEST_ANCHOR_SEARCH = 12 * 100


def lay_out(
    world: World,
    sent_phases: list[Json],
    phases: list[Json],
    *,
    start: int,
    anchor: int,
) -> None:
    """Give each phase its start and end; they follow each other without a gap."""
    for index, (sent, phase) in enumerate(zip(sent_phases, phases, strict=True)):
        path = f"phases[{index}]"
        only_one(sent, "duration", "end_date")
        wanted = _moment(world, sent.get("start_date"))
        if index and wanted is not None and wanted != start:
            raise InvalidRequest(
                "Each phase must start when the one before it ends: there can be no "
                "gap and no overlap between phases.",
                param=f"{path}[start_date]",
            )
        if phase["billing_cycle_anchor"] == "phase_start":
            anchor = start
        phase["start_date"] = start
        phase["end_date"] = _end(world, sent_phases, index, phase, anchor)
        _check_end(world, sent, phase, path)
        anchor = phase["trial_end"] or anchor
        start = phase["end_date"]


def later(start: int, duration: Json, *, anchor: int) -> int:
    """A duration after ``start``, on the anchor's day of the month."""
    count = int(duration.get("interval_count", 1))
    interval = duration["interval"]
    if interval in _DAYS:
        return start + _DAYS[interval] * count * DAY
    months = _MONTHS[interval] * count
    for step in range(_LONGEST_ANCHOR_SEARCH):
        aligned = add_months(anchor, step)
        if aligned == start:
            return add_months(anchor, step + months)
        if aligned > start:
            break
    return add_months(start, months)


def _end(
    world: World, sent_phases: list[Json], index: int, phase: Json, anchor: int
) -> int:
    sent, start = sent_phases[index], int(phase["start_date"])
    if (end := _moment(world, sent.get("end_date"))) is not None:
        return end
    if duration := sent.get("duration"):
        return later(start, duration, anchor=anchor)
    if index + 1 < len(sent_phases):
        following = _moment(world, sent_phases[index + 1].get("start_date"))
        if following is not None:
            return following
    price = world.get("price", phase["items"][0]["price"])
    return later(start, price["recurring"], anchor=anchor)


def _check_end(world: World, sent: Json, phase: Json, path: str) -> None:
    if phase["end_date"] <= phase["start_date"]:
        raise InvalidRequest(
            "The `end_date` of a phase must be after its `start_date`.",
            param=f"{path}[end_date]",
        )
    if phase["trial"]:
        phase["trial_end"] = phase["end_date"]
        return
    trial_end = _moment(world, sent.get("trial_end"))
    phase["trial_end"] = trial_end
    if trial_end is None:
        return
    if not phase["start_date"] < trial_end <= phase["end_date"]:
        raise InvalidRequest(
            "The `trial_end` of a phase must be within the phase.",
            param=f"{path}[trial_end]",
        )


def _moment(world: World, value: int | str | None) -> int | None:
    if value is None:
        return None
    return world.now if value == "now" else int(value)
