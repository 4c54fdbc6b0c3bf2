"""How an attempt to pay or to save a card can end."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Completed:
    """Done; the browser goes on to ``redirect_url``."""

    redirect_url: str


@dataclasses.dataclass(frozen=True)
class Declined:
    """The bank said no; ``message`` is what the payer reads."""

    code: str
    message: str
    decline_code: str | None = None


@dataclasses.dataclass(frozen=True)
class ActionRequired:
    """The bank wants to ask its customer first, on the page at ``url``."""

    intent_id: str
    url: str


Outcome = Completed | Declined | ActionRequired
