"""Everything about money, once the sandbox plays Stripe."""

from __future__ import annotations

from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from wagtail_billing_portal.models import Price
from weekly_loaf.demo.seeding.catalog import seed_catalog
from weekly_loaf.demo.seeding.history import beginning, in_the_past, live_through


def seed_billing() -> None:
    """The catalogue, the webhook endpoint, and months of the cast's history."""
    if Price.objects.exists():
        return
    # All or nothing: a seeding that is interrupted leaves no stopped clock behind.
    # Webhooks are delivered on commit, the whole history at once.
    with transaction.atomic(), in_the_past(beginning(timezone.now())):
        seed_catalog()
        call_command("billing_setup", base_url=settings.ORIGIN, stdout=StringIO())
        live_through()
    call_command("billing_drain", stdout=StringIO())
