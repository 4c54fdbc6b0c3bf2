from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ...conf import conf
from ...mirror import inbox


class Command(BaseCommand):
    help = "Forgets Stripe events that were dealt with long ago."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days",
            type=int,
            default=None,
            help="Keep so many days; EVENT_RETENTION_DAYS unless given.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["days"]
        deleted = inbox.prune(days=conf.EVENT_RETENTION_DAYS if days is None else days)
        self.stdout.write(f"Forgot {deleted} events.")
