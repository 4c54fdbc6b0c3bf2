"""
What a member's pages take, with one invoice, a thousand and a million.

Once the invoices are other members', once they are all this member's. They are
copies of one that the sandbox wrote, made by the database; of its JSON they keep what
pages read.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from tests.tools.shop import sold, subscribed, url
from wagtail_billing_portal.models import Customer, Invoice
from wagtail_billing_portal.testing import StripeSide

from .counting import counted
from .databases import fresh, use
from .figures import Figure, figure, typical

THOUSAND = 1000
LARGE = 1_000_000 if os.environ.get("BENCH_FULL") else 50_000
ROUNDS = 8
IN_A_ROUND = 5
#: Times within that are the same time.
NOISE = 1.25
READ = ("id", "object", "lines", "amount_due", "amount_remaining", "attempted")
NUMBERS = {
    "sqlite": "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM "
    "numbers WHERE n < %s)",
    "postgresql": "WITH numbers(n) AS (SELECT generate_series(1, %s))",
}


@dataclass
class Place:
    """A site with so many invoices, and one of its members."""

    invoices: int
    are_own: bool
    database: str = field(default_factory=fresh)
    times: dict[str, list[float]] = field(default_factory=dict)
    queries: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        use(self.database)
        stripe_side = StripeSide()
        member = get_user_model().objects.create_user("ada", "ada@example.com")
        [price] = sold(stripe_side, 1200)
        bought = subscribed(stripe_side, member, price)
        own = Invoice.objects.get()
        other = Customer.objects.create(id="cus_other", stripe_account="default")
        _copy(own, self.invoices - 1, to=own.customer if self.are_own else other)
        self.member = member
        self.pages = {
            "overview": url("overview"),
            "invoices": url("invoices"),
            "subscription": url("subscription", bought.pk),
        }

    def visit(self) -> None:
        """Open each page a few times, and keep how long that took."""
        use(self.database)
        client = Client()
        client.force_login(self.member)
        for name, address in self.pages.items():
            _opened(client, address)
            with counted() as count:
                _opened(client, address)
            self.queries[name] = count.number
            for _time in range(IN_A_ROUND):
                began = time.perf_counter()
                _opened(client, address)
                taken = time.perf_counter() - began
                self.times.setdefault(name, []).append(taken * 1000)


def bench_pages() -> Iterator[Figure]:
    """Each size in turn, so that all of them meet the same machine."""
    few = Place(1, are_own=True)
    others = {size: Place(size, are_own=False) for size in (THOUSAND, LARGE)}
    own = {size: Place(size, are_own=True) for size in (THOUSAND, LARGE)}
    for _round in range(ROUNDS):
        for place in (few, *others.values(), *own.values()):
            place.visit()
    for page in few.pages:
        yield from _figures(page, few, None)
        for place in others.values():
            yield from _figures(page, place, few)
        yield from _figures(page, own[THOUSAND], None)
        # More rows are shown than of one invoice; but no more of a million.
        yield from _figures(page, own[LARGE], own[THOUSAND])


def _figures(page: str, place: Place, than: Place | None) -> Iterator[Figure]:
    whose = "own" if place.are_own else "others"
    name = f"{connection.vendor}_page_{page}_{place.invoices}_{whose}"
    taken, queries = typical(place.times[page]), place.queries[page]
    within = typical(than.times[page]) * NOISE if than else None
    yield figure(f"{name}_time", taken, "ms", limit=within)
    most = than.queries[page] if than else None
    yield figure(f"{name}_queries", queries, "queries", limit=most)


def _opened(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, f"{address} answered {answer.status_code}"


def _copy(invoice: Invoice, number: int, *, to: Customer) -> None:
    """Have the database repeat an invoice, each copy a little older."""
    columns = [field.column for field in Invoice._meta.concrete_fields]
    data = {key: invoice.data[key] for key in READ if key in invoice.data}
    older = {
        "sqlite": "datetime(created, '-' || n || ' minutes')",
        "postgresql": "created - n * interval '1 minute'",
    }
    new = {
        "id": "id || '_' || n",
        "customer_id": "%s",
        "data": "%s",
        "created": older[connection.vendor],
    }
    values = ", ".join(new.get(column, column) for column in columns)
    chosen = {"customer_id": to.pk, "data": json.dumps(data)}
    parameters = [chosen[column] for column in columns if column in chosen]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Invoice._meta.db_table} ({', '.join(columns)}) "  # noqa: S608
            f"{NUMBERS[connection.vendor]} "
            f"SELECT {values} FROM numbers, {Invoice._meta.db_table}",
            [number, *parameters],
        )
        cursor.execute("ANALYZE")
