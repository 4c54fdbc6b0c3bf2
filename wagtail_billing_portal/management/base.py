"""What the commands that talk to Stripe share."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_date

from ..actions.customers import release_left_over
from ..actions.ends import keep_promises
from ..actions.hosted_openings import claim_left_over
from ..conf import conf
from ..exceptions import BillingError, BillingNotConfigured


class StripeCommand(BaseCommand):
    """Runs ``handle_account`` for each Stripe account that was asked for."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--account",
            choices=sorted(conf.ACCOUNTS),
            help="Only this Stripe account; all of ACCOUNTS unless given.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = [options["account"]] if options["account"] else list(conf.ACCOUNTS)
        if not chosen:
            raise CommandError("WAGTAIL_BILLING_PORTAL['ACCOUNTS'] is empty.")
        failures: list[str] = []
        for alias in chosen:
            try:
                self.handle_account(alias, **options)
            except (BillingError, BillingNotConfigured) as error:
                # What is wrong with one account is no matter of the others.
                failures.append(f"Account {alias!r}: {error}")
        if failures:
            raise CommandError("\n".join(failures))

    def handle_account(self, alias: str, **options: Any) -> None:
        """Override to do the command's work for one account."""
        raise CommandError(f"{type(self).__module__} does nothing.")


def finish_acts(alias: str = "") -> Iterator[str]:
    """Finish what could not be done when it was asked for; says so in sentences.

    ``alias`` names one Stripe account; all are meant unless given.
    """
    given, left = keep_promises(alias)
    if given or left:
        yield f"Settled {given} ends, {left} to be settled yet."
    released, left = release_left_over(alias)
    if released or left:
        yield f"Let go of {released} deleted members, {left} to be let go of yet."
    claimed, left = claim_left_over(alias)
    if claimed or left:
        yield f"Gave members {claimed} of their changes, {left} to be given yet."


def seconds_of(day: str | None) -> int:
    """When a day began, which somebody typed in; 0 when nobody did."""
    if day is None:
        return 0
    try:
        parsed = parse_date(day)
    except ValueError:
        parsed = None
    if parsed is None:
        raise CommandError(f"{day!r} is not a day such as 2026-01-31.")
    return int(datetime(parsed.year, parsed.month, parsed.day, tzinfo=UTC).timestamp())
