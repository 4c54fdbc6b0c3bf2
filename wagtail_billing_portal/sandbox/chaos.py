"""What networks do to webhooks, on demand: all of it repeatable by its seed."""

from __future__ import annotations

import json
import random
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any

from . import store
from .errors import InvalidRequest

Json = dict[str, Any]

KIND = "_chaos"
WRONG_SECRET = "whsec_of_somebody_else"  # noqa: S105 - nobody has it.


@dataclass(frozen=True)
class Chaos:
    """How deliveries go wrong; a chance is a number between 0 and 1.

    An event that is dropped counts as a failed attempt: with ``redeliver`` it comes
    again later, freshly signed; without, never. ``hold`` keeps events back until so
    many wait, and sends them at once.
    """

    seed: int = 0
    duplicate: float = 0
    shuffle: bool = False
    delay: int = 0
    drop: float = 0
    redeliver: bool = True
    wrong_secret: float = 0
    thin: float = 0
    api_version: str = ""
    hold: int = 0

    @property
    def is_calm(self) -> bool:
        """Whether every event simply arrives."""
        return self == Chaos(seed=self.seed)

    def wish(self, chance: float) -> bool:
        """Whether something with this chance happens now."""
        if chance in (0, 1):
            return bool(chance)
        return self._draw().random() < chance

    def pick(self, among: int) -> int:
        """Which of the waiting events goes next."""
        return self._draw().randrange(among) if self.shuffle else 0

    def _draw(self) -> random.Random:
        # Counted in the database: the same seed tells the same story in any process.
        return random.Random(f"{self.seed}-{_count()}")  # noqa: S311 - no secret.


def current() -> Chaos:
    """What is switched on now, in every account and process."""
    stored = store.row("", KIND, KIND)
    return Chaos(**stored.data["chaos"]) if stored else Chaos()


def switch(chaos: Chaos) -> Chaos:
    """Let deliveries go wrong in this way from now on, from the seed's beginning."""
    _write({"chaos": asdict(chaos), "drawn": 0})
    return chaos


def read(sent: Json) -> Chaos:
    """Chaos as the control address gets it."""
    known = {field.name: field.type for field in fields(Chaos)}
    for name, value in sent.items():
        if name not in known:
            raise InvalidRequest(f"Received unknown parameter: {name}", param=name)
        if not _is_of(known[name], value):
            raise InvalidRequest(f"Invalid value: {value!r}", param=name)
    return Chaos(**sent)


def older(body: str, api_version: str) -> str:
    """The event as an older version would sign it; its object keeps its shape."""
    return json.dumps({**json.loads(body), "api_version": api_version})


def thin(body: str) -> str:
    """The event as a thin notification, which only points at what changed."""
    event = json.loads(body)
    about = event["data"]["object"]
    created = datetime.fromtimestamp(event["created"], UTC)
    notification = {
        "id": event["id"],
        "object": "v2.core.event",
        "type": f"v1.{event['type']}",
        "created": created.isoformat().replace("+00:00", ".000Z"),
        "context": None,
        "livemode": False,
        "related_object": {
            "id": about.get("id"),
            "type": about["object"],
            "url": f"/v1/{about['object']}s/{about.get('id')}",
        },
    }
    return json.dumps(notification)


def _is_of(type_: Any, value: Any) -> bool:
    if type_ == "bool":
        return isinstance(value, bool)
    if type_ == "str":
        return isinstance(value, str)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return False
    return value <= 1 if type_ == "float" else isinstance(value, int)


def _count() -> int:
    stored = store.row("", KIND, KIND)
    drawn = stored.data["drawn"] if stored else 0
    chaos = stored.data["chaos"] if stored else asdict(Chaos())
    _write({"chaos": chaos, "drawn": drawn + 1})
    return int(drawn)


def _write(state: Json) -> None:
    row = {"id": KIND, "object": KIND, **state}
    store.ensure("", row)
    if (stored := store.row("", KIND, KIND)) is not None:
        store.write(stored, row)
