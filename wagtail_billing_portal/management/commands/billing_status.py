from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ...mirror.health import PATIENCE, Health, health


class Command(BaseCommand):
    help = (
        "Tells how far the mirror is behind Stripe. Ends with status 1 when an event "
        "was given up or when something waits for too long."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--max-age",
            type=int,
            default=PATIENCE,
            help=f"Seconds that anything may wait; {PATIENCE} unless given.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = health()
        for account in found:
            self.stdout.write(_told(account))
        if not all(account.is_well(patience=options["max_age"]) for account in found):
            sys.exit(1)


def _told(it: Health) -> str:
    return (
        f"{it.account}: {it.waiting} waiting for {it.waiting_for} s, "
        f"{it.failed} failed, {it.to_refresh} to fetch for {it.to_refresh_for} s, "
        f"{it.to_settle} to settle for {it.to_settle_for} s."
    )
