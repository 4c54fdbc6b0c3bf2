from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.urls import NoReverseMatch, reverse
from wagtail.models import Site

from ...actions.configuration import push_configuration
from ...actions.endpoints import Endpoint, ensure_endpoint
from ...gateway import account_by_alias, stripe_for
from ...mirror.backfill import backfill
from ...mirror.inbox import handled_events
from ...models import PortalSettings
from ..base import StripeCommand

CATALOGUE = ("product", "price")


class Command(StripeCommand):
    help = (
        "Makes Stripe ready for this site: checks the keys, registers the webhook, "
        "pushes the portal configuration, copies the catalogue. Run it at any time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--base-url",
            help="Public address of the site, such as https://example.com; the default "
            "Wagtail site's unless given.",
        )

    def handle_account(self, alias: str, **options: Any) -> None:
        account = account_by_alias(alias)
        with stripe_for(alias) as client:
            found = client.v1.accounts.retrieve_current()
        mode = "live" if account.is_live else "test"
        self.stdout.write(f"{alias}: key accepted for {found.id}, {mode} mode.")
        url = _webhook_url(alias, options["base_url"])
        self._tell_endpoint(
            alias, ensure_endpoint(account, url=url, events=handled_events()), url
        )
        for settings in _settings_of(alias):
            push_configuration(settings)
            self.stdout.write(
                f"{alias}: portal of {settings.site.hostname} configured."
            )
        count = sum(1 for _walked in backfill(alias, only=CATALOGUE))
        self.stdout.write(f"{alias}: {count} products and prices copied.")

    def _tell_endpoint(self, alias: str, endpoint: Endpoint, url: str) -> None:
        self.stdout.write(f"{alias}: webhook {endpoint.outcome}, {url}")
        known = account_by_alias(alias).webhook_secrets
        if endpoint.secret and endpoint.secret not in known:
            self.stdout.write(
                f"{alias}: add this to WEBHOOK_SECRETS now, it is shown once: "
                f"{endpoint.secret}"
            )


def _webhook_url(alias: str, base_url: str | None) -> str:
    if base_url is None:
        site = Site.objects.filter(is_default_site=True).first()
        if site is None:
            raise CommandError("There is no default Wagtail site; pass --base-url.")
        base_url = site.root_url
    try:
        path = reverse("wagtail_billing_portal:webhook", kwargs={"alias": alias})
    except NoReverseMatch as error:
        raise CommandError(
            "The portal's URLs are missing. Add path('billing/', "
            "include('wagtail_billing_portal.urls')) to your urlpatterns."
        ) from error
    return base_url.rstrip("/") + path


def _settings_of(alias: str) -> list[PortalSettings]:
    every = [PortalSettings.for_site(site) for site in Site.objects.all()]
    return [settings for settings in every if settings.stripe_account == alias]
