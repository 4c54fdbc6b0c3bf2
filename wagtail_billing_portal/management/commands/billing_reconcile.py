from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from ...mirror.families import FAMILIES
from ...mirror.reconcile import Difference, compare_all, replay_events
from ..base import StripeCommand, finish_acts, seconds_of


class Command(StripeCommand):
    help = (
        "Applies the events that never arrived; with --full compares every object. "
        "Ends with status 1 when --full found a difference, mended or not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--since",
            help="Look through the events since this day, YYYY-MM-DD; since an hour "
            "before the newest that is known unless given. Stripe keeps thirty days.",
        )
        parser.add_argument("--full", action="store_true", help="Compare every object.")
        parser.add_argument(
            "--only", nargs="+", choices=list(FAMILIES), default=[], help="These kinds."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.found = 0
        super().handle(*args, **options)
        if self.found:
            sys.exit(1)

    def handle_account(self, alias: str, **options: Any) -> None:
        missed = replay_events(alias, since=seconds_of(options["since"]))
        self.stdout.write(f"{alias}: {missed} missed events.")
        for sentence in finish_acts(alias):
            self.stdout.write(f"{alias}: {sentence}")
        if options["full"]:
            found = 0
            for difference in compare_all(alias, only=options["only"]):
                found += 1
                self._tell(alias, difference)
            self.stdout.write(f"{alias}: {found} differences.")
            self.found += found

    def _tell(self, alias: str, difference: Difference) -> None:
        which = f"{difference.family} {difference.id}"
        if difference.refusal:
            self.stderr.write(f"{alias}: left out {which}: {difference.refusal}")
        else:
            self.stdout.write(f"{alias}: mended {which}")
