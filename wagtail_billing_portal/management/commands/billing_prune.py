from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from ...actions import acts, ends, hosted_openings, waiting
from ...conf import conf
from ...mirror import inbox


class Command(BaseCommand):
    help = "Forgets Stripe events and requests that were dealt with long ago."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days",
            type=int,
            default=None,
            help="Keep so many days; EVENT_RETENTION_DAYS unless given.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["days"]
        kept = conf.EVENT_RETENTION_DAYS if days is None else days
        before = timezone.now() - timedelta(days=kept)
        events = inbox.prune(before=before)
        noted = (acts, ends, hosted_openings, waiting)
        notes = sum(it.prune(before=before) for it in noted)
        self.stdout.write(f"Forgot {events} events and {notes} notes on requests.")
