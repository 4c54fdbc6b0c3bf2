from __future__ import annotations

import signal
from contextlib import nullcontext
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from wagtail_billing_portal.sandbox import server
from wagtail_billing_portal.sandbox.conf import conf

DEFAULT_PORT = 12111


class Command(BaseCommand):
    """Serves the sandbox over HTTP until it is stopped."""

    help = "Serves a Stripe of your own: the API at /v1 and its pages beside it."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port",
            type=int,
            default=DEFAULT_PORT,
            help=f"Port on {server.HOST}; 0 takes any that is free. "
            f"Default: {DEFAULT_PORT}.",
        )
        parser.add_argument(
            "--fresh",
            action="store_true",
            help="Begin with nothing, in a database that is gone when stopped.",
        )

    def handle(self, *args: Any, port: int, fresh: bool, **options: Any) -> None:
        if not (fresh or conf.is_open):
            raise CommandError(
                "DEBUG is off, so this may be a site at work: its database is left "
                "alone. --fresh begins with nothing, in a database of its own."
            )
        signal.signal(signal.SIGTERM, _stop)
        try:
            with server.fresh_database() if fresh else nullcontext():
                server.make_tables()
                self._serve(port)
        except KeyboardInterrupt:
            self.stdout.write(_("Stopped."))
        except OSError as error:
            raise CommandError(f"Port {port} cannot be used: {error}") from error

    def _serve(self, port: int) -> None:
        with server.listening(port) as http:
            self.stdout.write(
                _(
                    "Stripe sandbox at {address}, for any key beginning with {key}."
                ).format(address=server.origin_of(http), key="sk_test_sandbox")
            )
            self.stdout.write(_("Stop it with Ctrl-C."))
            self.stdout.flush()
            http.serve_forever(poll_interval=0.1)


def _stop(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
