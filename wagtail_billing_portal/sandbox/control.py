"""The control address: switches of the standalone sandbox, for programs and people.

``GET /_sandbox/`` shows them all. ``GET``, ``POST`` and ``DELETE`` of
``/_sandbox/<name>`` read, set and reset one, in JSON. A site never mounts it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from . import chaos, delivery, faults
from .answer import Answer
from .errors import InvalidRequest, SandboxError, UnrecognizedUrl

Json = dict[str, Any]

JSON = "application/json"


@dataclass(frozen=True)
class Panel:
    """One group of switches."""

    read: Callable[[], Json]
    change: Callable[[Json], Json]
    reset: Callable[[], Json]


PANELS = {
    "delivery": Panel(
        read=lambda: asdict(chaos.current()),
        change=lambda sent: asdict(delivery.unleash(**asdict(chaos.read(sent)))),
        reset=lambda: asdict(delivery.unleash()),
    ),
    "faults": Panel(
        read=lambda: asdict(faults.current()),
        change=lambda sent: asdict(faults.switch(faults.read(sent))),
        reset=lambda: asdict(faults.clear()),
    ),
}


def turn(method: str, name: str, content_type: str, body: bytes) -> Answer:
    """Answer one request to the control address."""
    try:
        answer = Answer.of(_turned(method, name, content_type, body))
    except SandboxError as error:
        answer = Answer.refusing(error)
    return answer.with_headers(Content_Type=JSON)


def _turned(method: str, name: str, content_type: str, body: bytes) -> Json:
    if method == "GET" and not name:
        return {panel: PANELS[panel].read() for panel in PANELS}
    if name not in PANELS or method not in ("GET", "POST", "DELETE"):
        raise UnrecognizedUrl(method, f"/_sandbox/{name}")
    panel = PANELS[name]
    if method == "POST":
        return panel.change(_sent(content_type, body))
    return panel.read() if method == "GET" else panel.reset()


def _sent(content_type: str, body: bytes) -> Json:
    # A page of another origin cannot send this type unasked.
    if content_type.partition(";")[0].strip().lower() != JSON:
        raise InvalidRequest(f"Invalid request: send {JSON}.")
    try:
        sent = json.loads(body or b"{}")
    except ValueError:
        sent = None
    if not isinstance(sent, dict):
        raise InvalidRequest("Invalid request: the body is not a JSON object.")
    return sent
