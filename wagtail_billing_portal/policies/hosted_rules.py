"""What Stripe's own page can do as the portal settings say, and what it can't.

What it can't is not offered there at all where members would lose by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from ..adapter import DefaultBillingAdapter, get_adapter
from ..models import (
    CancelMode,
    CancelSettlement,
    Feature,
    Place,
    PlanGroup,
    PortalSettings,
)
from .hosted_plans import Difference, HostedPlans, hosted_plans


def hosted_changes(settings: PortalSettings, plans: HostedPlans) -> list[str]:
    """What members may change there about their plan, in Stripe's words."""
    is_here = settings.change_place == Place.OURS
    if is_here or not plans.products or _has_a_rule_of_its_own():
        return []
    wanted = {
        "price": settings.offers(Feature.CHANGE_PLAN),
        "quantity": settings.offers(Feature.CHANGE_QUANTITY) and plans.has_quantities,
    }
    changes = [name for name, is_wanted in wanted.items() if is_wanted]
    if changes and settings.offers(Feature.PROMOTION_CODES):
        changes.append("promotion_code")
    return changes


def hosted_pauses(settings: PortalSettings) -> bool:
    """Whether members may pause there."""
    is_wanted = settings.offers(Feature.PAUSE) and settings.pause_place != Place.OURS
    return is_wanted and settings.pauses_a_year is None


def hosted_cancels(settings: PortalSettings) -> bool:
    """Whether members may cancel there."""
    is_wanted = settings.offers(Feature.CANCEL) and settings.cancel_place != Place.OURS
    return is_wanted and not _owes_a_refund(settings)


def differences(
    settings: PortalSettings, groups: Iterable[PlanGroup]
) -> list[Difference]:
    """Where Stripe's page can't do what the portal does; nothing if it isn't offered."""
    if not settings.offers(Feature.HOSTED_PORTAL):
        return []
    found = [
        *_of_changes(settings, list(groups)),
        *_of_pauses(settings),
        *_of_ends(settings),
    ]
    return list(dict.fromkeys(found))


def differences_of(settings: PortalSettings) -> list[Difference]:
    """The same, for the plan groups as they are stored."""
    groups = PlanGroup.objects.filter(settings_id=settings.pk)
    return differences(settings, groups.prefetch_related("plans__price__product"))


def _of_changes(
    settings: PortalSettings, groups: list[PlanGroup]
) -> Iterator[Difference]:
    is_offered = any(
        map(settings.offers, (Feature.CHANGE_PLAN, Feature.CHANGE_QUANTITY))
    )
    if not is_offered or settings.change_place == Place.OURS:
        return
    if groups and _has_a_rule_of_its_own():
        yield Difference(
            "own_rule",
            _(
                "Your adapter decides who may switch to what. That page can't ask it, "
                "so plans are changed on your own pages only."
            ),
        )
        return
    for group in groups:
        if group.are_extras:
            yield Difference(
                "extras",
                _("Extras are added and removed on your own pages only."),
            )
        else:
            yield from hosted_plans(group).differences
    if not groups:
        return
    if settings.wait_if_cheaper != settings.wait_if_fewer:
        yield Difference(
            "waits_alike",
            _(
                "That page knows no difference between a cheaper plan and a smaller "
                "quantity: there both wait for the end of the period."
            ),
        )
    if settings.wait_if_cheaper or settings.wait_if_shorter:
        yield Difference(
            "waits_within_a_product",
            _(
                "There a change waits for the end of the period only between the "
                "prices of one product; to another product it comes at once."
            ),
        )


def _of_pauses(settings: PortalSettings) -> Iterator[Difference]:
    if not settings.offers(Feature.PAUSE) or settings.pause_place == Place.OURS:
        return
    if not hosted_pauses(settings):
        yield Difference(
            "pauses_counted",
            _(
                "That page counts no pauses. As you limit them, members pause on your "
                "own pages only."
            ),
        )
        return
    yield Difference(
        "flexible_only",
        _(
            "There only subscriptions in flexible billing mode can be paused that are "
            "charged automatically, and only if your Stripe account has the redesigned "
            "customer portal."
        ),
    )
    if settings.pause_without_end and settings.offered_pause_lengths:
        yield Difference(
            "lengths_only",
            _("There members choose a length; a pause without an end is not offered."),
        )


def _of_ends(settings: PortalSettings) -> Iterator[Difference]:
    if not settings.offers(Feature.CANCEL) or settings.cancel_place == Place.OURS:
        return
    if not hosted_cancels(settings):
        yield Difference(
            "no_refund",
            _(
                "That page pays nothing back. As you promise it, members cancel on "
                "your own pages only."
            ),
        )
        return
    if settings.cancel_mode == CancelMode.EITHER:
        yield Difference(
            "one_cancel_mode",
            _(
                "That page has one way to cancel: there a subscription ends with the "
                "period that was paid for."
            ),
        )
    if settings.retention_offers.exists():
        yield Difference(
            "coupons_only",
            _(
                "There only discounts and free months are offered to those who leave, "
                "and only to those who come from your own pages."
            ),
        )


def _owes_a_refund(settings: PortalSettings) -> bool:
    """Whether who cancels is promised money that Stripe's page doesn't give."""
    at_once = settings.cancel_mode == CancelMode.IMMEDIATELY
    return at_once and settings.cancel_settlement == CancelSettlement.REFUND


def _has_a_rule_of_its_own() -> bool:
    """Whether the site's adapter decides who may switch to what."""
    rule = type(get_adapter()).why_not_switch
    return rule is not DefaultBillingAdapter.why_not_switch
