"""What a benchmark finds: one object a line, beside its limit where there is one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from statistics import median
from typing import Any

Figure = dict[str, Any]


def figure(
    name: str, value: float, unit: str, *, limit: float | None = None, digits: int = 2
) -> Figure:
    """One figure. A rate (1/s) should reach its limit, anything else stay below it."""
    found: Figure = {"name": name, "value": round(value, digits), "unit": unit}
    if limit is not None:
        found["limit"] = round(limit, digits)
        found["ratio"] = round(value / limit, 3) if limit else None
    return found


def show(found: Figure) -> None:
    """Print a figure at once: whoever waits for the rest can read it already."""
    print(json.dumps(found), flush=True)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def typical(values: Sequence[float]) -> float:
    """The middle of several rounds, whatever else the machine did in some of them."""
    return median(values)
