from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from weekly_loaf.demo.seeding.pages import seed_pages
from weekly_loaf.demo.seeding.people import seed_people
from weekly_loaf.demo.seeding.translations import seed_translations


class Command(BaseCommand):
    """Fill the site: pages, people, plans and months of invoices."""

    help = "Fills the site with everything it shows. May run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            seed_pages()
            seed_people()
        # Not in there: wagtail-localize publishes on commit, from copies made before
        # their children, which would then be lost from the tree.
        seed_translations()
        self.stdout.write("Pages, translations and people are there.")
