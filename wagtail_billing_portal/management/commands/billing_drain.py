from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ...mirror import inbox
from ...mirror.refresh import refresh_due
from ..base import finish_acts


class Command(BaseCommand):
    help = (
        "Applies waiting Stripe events, fetches what they left undecided, and finishes "
        "what could not be done at once, such as a refund that was promised."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--limit", type=int, default=10_000, help="Apply at most so many events."
        )
        parser.add_argument(
            "--retry-failed",
            action="store_true",
            help="Try those again, too, that were given up.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["retry_failed"]:
            inbox.retry_all()
        drained = inbox.drain(limit=options["limit"])
        fetched = refresh_due(limit=options["limit"])
        self.stdout.write(
            f"Applied {drained.processed}, failed {drained.failed}, fetched {fetched}."
        )
        for sentence in finish_acts():
            self.stdout.write(sentence)
