from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import CommandError
from django.urls import NoReverseMatch, reverse
from wagtail.models import Site

from ...actions.configuration import plan_configuration, push_configuration
from ...actions.endpoints import Endpoint, ensure_endpoint, plan_endpoint
from ...gateway import account_by_alias, stripe_for
from ...mirror.backfill import backfill
from ...mirror.inbox import handled_events
from ...mirror.preview import preview
from ...mirror.reconcile import settle
from ...models import PortalSettings
from ...policies.hosted_rules import differences_of
from ..base import StripeCommand

#: What editors choose from.
CATALOGUE = ("product", "price", "coupon")


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
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Say what would be done, and change nothing, here or at Stripe.",
        )

    def handle_account(self, alias: str, **options: Any) -> None:
        self.alias, self.is_dry = alias, options["dry_run"]
        account = account_by_alias(alias)
        with stripe_for(alias) as client:
            found = client.v1.accounts.retrieve_current()
        mode = "live" if account.is_live else "test"
        self._say(f"key accepted for {found.id}, {mode} mode.")
        url = _webhook_url(alias, options["base_url"])
        done = [
            self._set_up_endpoint(url),
            *map(self._set_up_portal, _settings_of(alias, is_dry=self.is_dry)),
            self._copy_catalogue(),
        ]
        if not any(done):
            self._say(f"nothing {'is' if self.is_dry else 'was'} to be done.")

    def _set_up_endpoint(self, url: str) -> bool:
        account = account_by_alias(self.alias)
        if self.is_dry:
            endpoint = plan_endpoint(account, url=url, events=handled_events())
            self._say(f"webhook {_would_be(endpoint.outcome)}, {url}")
            self._tell_events(endpoint)
        else:
            endpoint = ensure_endpoint(account, url=url, events=handled_events())
            self._tell_endpoint(endpoint)
        return endpoint.outcome != "unchanged"

    def _tell_events(self, plan: Endpoint) -> None:
        sent, wanted = set(plan.sent_before), set(plan.events)
        if new := sorted(wanted - sent):
            self._say(f"it would be sent {', '.join(new)}")
        if superfluous := sorted(sent - wanted):
            self._say(f"it would not be sent any more {', '.join(superfluous)}")

    def _tell_endpoint(self, endpoint: Endpoint) -> None:
        self._say(f"webhook {endpoint.outcome}, {endpoint.url}")
        known = account_by_alias(self.alias).webhook_secrets
        if endpoint.secret and endpoint.secret not in known:
            self._say(
                f"add this to WEBHOOK_SECRETS now, it is shown once: {endpoint.secret}"
            )

    def _set_up_portal(self, settings: PortalSettings) -> bool:
        outcome = plan_configuration(settings)
        has_to_change = outcome != "unchanged"
        if has_to_change and not self.is_dry:
            push_configuration(settings)
        told = _would_be(outcome) if self.is_dry else outcome
        self._say(f"portal of {settings.site.hostname} {told}.")
        for difference in differences_of(settings):
            self._say(f"Stripe's own page differs: {difference.sentence}")
        return has_to_change

    def _copy_catalogue(self) -> bool:
        found = preview(self.alias, only=CATALOGUE)
        told = (
            f"{found.total} products, prices and coupons, {found.news} new or changed"
        )
        if found.news and not self.is_dry:
            walked = backfill(self.alias, only=CATALOGUE)
            found.refusals = [it.refusal for it in walked if it.refusal]
            settle(stripe_account=self.alias)
            told += "; copied"
        self._say(f"{told}.")
        self._tell_refusals(found.refusals)
        return bool(found.news)

    def _tell_refusals(self, refusals: Iterable[str]) -> None:
        for reason in refusals:
            self.stderr.write(f"{self.alias}: left out: {reason}")

    def _say(self, sentence: str) -> None:
        self.stdout.write(f"{self.alias}: {sentence}")


def _would_be(outcome: str) -> str:
    return outcome if outcome == "unchanged" else f"would be {outcome}"


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


def _settings_of(alias: str, *, is_dry: bool) -> list[PortalSettings]:
    """The portal settings of the sites that show this account."""
    every = [_settings_on(site, is_dry=is_dry) for site in Site.objects.all()]
    return [settings for settings in every if settings.stripe_account == alias]


def _settings_on(site: Site, *, is_dry: bool) -> PortalSettings:
    if is_dry:
        # Asking for a site's settings makes them where there are none.
        found = PortalSettings.objects.filter(site=site).first()
        return found or PortalSettings(site=site)
    settings: PortalSettings = PortalSettings.for_site(site)
    return settings
