from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..exceptions import StripeRefused
from ..gateway import answer_of, stripe_for
from ..mirror.ingest import version_of
from ..mirror.refresh import let_in, refresh
from ..models import MirroredObject

Row = TypeVar("Row", bound=MirroredObject)


def change(row: Row, call: Callable[[Any], Any]) -> Row:
    """Have ``call(client)`` change ``row``'s object at Stripe and mirror the answer.

    When Stripe refuses, the row is fetched again before the refusal goes on: most
    often the object had changed there in the meantime.
    """
    seen = version_of(row)
    try:
        with stripe_for(row.stripe_account) as client:
            answer = answer_of(call(client))
    except StripeRefused:
        refresh(row)
        raise
    let_in(answer, account=row.stripe_account, seen=seen)
    row.refresh_from_db()
    return row
