"""Walk Stripe's lists into the mirror."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..gateway import Answer, complete_lists, rows_of, stripe_for
from ..models import Customer
from .families import FAMILIES
from .family import Family
from .ingest import ingest

PAGE = 100


@dataclass(frozen=True)
class Walked:
    """One object that a backfill let in."""

    family: str
    id: str


def backfill(
    alias: str, *, only: Iterable[str] = (), since: int | None = None
) -> Iterator[Walked]:
    """Let every object of the account in, family by family; yields each as it goes.

    ``only`` names families (Stripe's ``object``), ``since`` is Unix seconds: nothing
    created before is asked for. Safe to run twice: older content never wins.
    """
    chosen = set(only) or set(FAMILIES)
    for name, family in FAMILIES.items():
        if name in chosen:
            for answer in _walk(alias, family, since):
                ingest(answer.data, account=alias, as_of=answer.as_of)
                yield Walked(name, answer.data["id"])


def _walk(alias: str, family: Family, since: int | None) -> Iterator[Answer]:
    params: dict[str, Any] = {"limit": PAGE}
    if since is not None and _takes_created(family):
        params["created"] = {"gte": since}
    for scope in _scopes(alias, family):
        with stripe_for(alias) as client:
            for answer in rows_of(family.list(client, {**params, **scope})):
                complete_lists(client, answer.data)
                yield answer


def _scopes(alias: str, family: Family) -> Iterator[dict[str, str]]:
    if family.name != "payment_method":
        yield {}
        return
    customers = Customer.objects.existing().on_account(alias).order_by("pk")
    for customer_id in customers.values_list("pk", flat=True).iterator():
        yield {"customer": customer_id}


def _takes_created(family: Family) -> bool:
    """Payment methods can only be listed by customer, whenever they were made."""
    return family.name != "payment_method"
