from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError
from django.utils.dateparse import parse_date

from ...mirror.backfill import backfill
from ...mirror.families import FAMILIES
from ...mirror.reconcile import settle
from ..base import StripeCommand


class Command(StripeCommand):
    help = "Copies what Stripe has into the mirror. Safe to run at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--only", nargs="+", choices=list(FAMILIES), default=[], help="These kinds."
        )
        parser.add_argument("--since", help="Created on or after this day, YYYY-MM-DD.")

    def handle_account(self, alias: str, **options: Any) -> None:
        counts: Counter[str] = Counter()
        since = _seconds(options["since"])
        for walked in backfill(alias, only=options["only"], since=since):
            counts[walked.family] += 1
            if sum(counts.values()) % 500 == 0:
                self.stdout.write(f"{alias}: {sum(counts.values())} objects so far.")
        settle()
        told = ", ".join(f"{number} {name}" for name, number in counts.items())
        self.stdout.write(f"{alias}: {told or 'nothing to copy'}.")


def _seconds(day: str | None) -> int | None:
    if day is None:
        return None
    try:
        parsed = parse_date(day)
    except ValueError:
        parsed = None
    if parsed is None:
        raise CommandError(f"{day!r} is not a day such as 2026-01-31.")
    return int(datetime(parsed.year, parsed.month, parsed.day, tzinfo=UTC).timestamp())
