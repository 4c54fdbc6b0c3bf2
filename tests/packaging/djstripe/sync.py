"""Run in dj-stripe's site: mirror an account, then fetch what was mirrored again."""

import io
import json
import sys

import django
import stripe
from django.core.management import call_command

django.setup()

from djstripe import models  # noqa: E402

# Stripe shows the lines of an invoice only there, not one by one.
NOT_ALONE = ("LineItem",)


def lost(row):
    """Why a row cannot be had from Stripe again, if it cannot."""
    try:
        found = row.api_retrieve()
    except stripe.StripeError as error:
        return f"{row.id}: {error}"
    return None if found.id == row.id else f"{row.id} is {found.id}."


names = sys.argv[1:]
complaints = io.StringIO()
call_command("migrate", run_syncdb=True, verbosity=0)
call_command("djstripe_sync_models", *names, stdout=io.StringIO(), stderr=complaints)
rows = {name: list(getattr(models, name).objects.all()) for name in names}
again = [row for name in names if name not in NOT_ALONE for row in rows[name]]
report = {
    "complaints": complaints.getvalue().splitlines(),
    "lost": [complaint for row in again if (complaint := lost(row))],
    "rows": {name: [row.id for row in rows[name]] for name in names},
}
print(json.dumps(report))  # noqa: T201
