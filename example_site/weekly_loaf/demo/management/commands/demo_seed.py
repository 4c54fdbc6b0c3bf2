from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from weekly_loaf.demo.seeding.billing import seed_billing
from weekly_loaf.demo.seeding.pages import seed_pages
from weekly_loaf.demo.seeding.people import seed_people
from weekly_loaf.demo.seeding.shop import seed_shop
from weekly_loaf.demo.seeding.translations import seed_translations
from weekly_loaf.demo.seeding.wishes import seed_wishes


class Command(BaseCommand):
    """Fill the site: pages, people, plans and months of invoices."""

    help = "Fills the site with everything it shows. May run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            seed_pages()
            seed_people()
        self._say("Pages and people are there.", options)
        if settings.USES_SANDBOX:
            seed_billing()
            seed_shop()
            seed_wishes()
            self._say("Plans, members and their invoices are there.", options)
        # Not in a transaction: wagtail-localize publishes on commit, from copies made
        # before their children, which would then be lost from the tree.
        seed_translations()
        self._say("Translations are there.", options)

    def _say(self, sentence: str, options: dict[str, Any]) -> None:
        if options["verbosity"]:
            self.stdout.write(sentence)
