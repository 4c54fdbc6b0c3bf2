from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from tqdm import tqdm

from ...mirror.backfill import RATE, backfill
from ...mirror.families import FAMILIES
from ...mirror.reconcile import settle
from ..base import StripeCommand, seconds_of


class Command(StripeCommand):
    help = "Copies what Stripe has into the mirror. Safe to run at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--only", nargs="+", choices=list(FAMILIES), default=[], help="These kinds."
        )
        parser.add_argument("--since", help="Created on or after this day, YYYY-MM-DD.")
        parser.add_argument(
            "--rate", type=float, default=RATE, help="Requests a second, at the most."
        )
        parser.add_argument(
            "--restart",
            action="store_true",
            help="Begin anew instead of where a run before was stopped.",
        )

    def handle_account(self, alias: str, **options: Any) -> None:
        walked = backfill(
            alias,
            only=options["only"],
            since=seconds_of(options["since"]),
            rate=options["rate"],
            restart=options["restart"],
        )
        # Shown to a person at a terminal only.
        shown = tqdm(walked, desc=alias, unit=" objects", disable=None, leave=False)
        counts: Counter[str] = Counter()
        for it in shown:
            if it.refusal:
                self.stderr.write(
                    f"{alias}: left out {it.family} {it.id}: {it.refusal}"
                )
            else:
                counts[it.family] += 1
        settle(stripe_account=alias)
        told = ", ".join(f"{number} {name}" for name, number in counts.items())
        self.stdout.write(f"{alias}: {told or 'nothing to copy'}.")
