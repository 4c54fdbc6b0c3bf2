from __future__ import annotations

import signal
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from weekly_loaf.demo.cast import CAST


class Command(BaseCommand):
    """Serve the example site, filling it first where it is empty."""

    help = "Migrates, seeds and serves the example site on 127.0.0.1:PORT."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO and DEBUG are off: this site is not a demo.")
        _stop_when_told()
        self.stdout.write("Making the database ready ...")
        call_command("migrate", verbosity=0)
        self.stdout.write("Filling the site; the first time takes a moment ...")
        call_command("demo_seed", verbosity=0)
        self.stdout.write(_box(_lines()))
        self.stdout.flush()
        call_command(
            "runserver",
            f"127.0.0.1:{settings.PORT}",
            use_reloader=False,
            skip_checks=True,
        )


def _stop_when_told() -> None:
    """Also when started in the background, where a shell has Ctrl-C ignored."""
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, signal.default_int_handler)


def _lines() -> list[str]:
    password = settings.DEMO_PASSWORD
    lines = [
        "The Weekly Loaf is served at",
        "",
        f"  the site       {settings.ORIGIN}/",
        f"  in German      {settings.ORIGIN}/de/",
        f"  Wagtail admin  {settings.ORIGIN}/admin/",
    ]
    if settings.USES_SANDBOX:
        lines.append(f"  Stripe's side  {settings.ORIGIN}/demo/sandbox/")
    width = max(len(role.email) for role in CAST)
    lines += ["", f"Log in with the password {password} as", ""]
    lines += [f"  {'admin':{width}}  administrator, in the Wagtail admin"]
    lines += [f"  {'editor':{width}}  editor, in the Wagtail admin"]
    lines += [f"  {role.email:{width}}  {role.shows}" for role in CAST]
    lines += ["", "or with one click in the bar at the top of each page.", ""]
    return [*lines, "Ctrl-C stops it."]


def _box(lines: list[str]) -> str:
    width = max(len(line) for line in lines)
    edge = f"+{'-' * (width + 4)}+"
    return "\n".join(["", edge, *(f"|  {line:{width}}  |" for line in lines), edge, ""])
