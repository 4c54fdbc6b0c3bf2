"""Stripe's portal configurations, kept like the site's portal settings.

One for the site, and one for each plan group: Stripe's page offers the same plans to all
who come with a configuration, and members switch within a group alone.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ..exceptions import UnknownStripeObject
from ..gateway import (
    Params,
    answer_of,
    forget_request,
    kept_request,
    new_key,
    options,
    stripe_for,
)
from ..mirror.refresh import let_in, look_again
from ..models import PlanGroup, PortalConfiguration, PortalSettings
from .configuration_features import NOTHING, features_of
from .reasons import are_known, let_go, push_reasons

MANAGER = "wagtail_billing_portal"


def push_configuration(settings: PortalSettings) -> str:
    """Make Stripe's portal offer what the site's settings offer.

    Returns the id of the site's own configuration, the one that is for no group.
    """
    push_reasons(settings)
    let_go(settings)
    known = _pushed(settings, settings.stripe_configuration)
    if known != settings.stripe_configuration:
        # Not save(): that would push again.
        PortalSettings.objects.filter(pk=settings.pk).update(stripe_configuration=known)
        settings.stripe_configuration = known
    kept = kept_configurations(settings)
    for group in plan_groups_of(settings):
        before = kept.pop(group.pk, None)
        _pushed(settings, before.pk if before else "", group)
    for superfluous in kept.values():
        _is_updated(settings, superfluous.pk, {"active": False})
    return known


def plan_configuration(settings: PortalSettings) -> str:
    """What has to become of the configurations: "created", "updated", "unchanged".

    Only looks at Stripe, and changes nothing.
    """
    if not (known := settings.stripe_configuration) or not (
        served := _served(settings, known)
    ):
        return "created"
    kept = kept_configurations(settings)
    groups = plan_groups_of(settings)
    is_right = (
        are_known(settings)
        and {it.pk for it in groups} == kept.keys()
        and _agrees(served, configuration_params(settings))
        and all(
            _agrees(
                _served(settings, kept[it.pk].pk), configuration_params(settings, it)
            )
            for it in groups
        )
    )
    return "unchanged" if is_right else "updated"


def configuration_params(
    settings: PortalSettings, group: PlanGroup | None = None
) -> Params:
    """The settings in the words of Stripe's configuration."""
    features = features_of(settings, group)
    products = features["subscription_update"]["products"]
    about = _signature(settings)
    if group:
        about |= {"plan_group": str(group.pk), "plans": _digest(products)}
    name = f"{settings.site.hostname} ({MANAGER})"
    return {
        "name": f"{group.name}, {name}" if group else name,
        "business_profile": {
            "headline": settings.headline,
            "privacy_policy_url": settings.privacy_policy_url,
            "terms_of_service_url": settings.terms_of_service_url,
        },
        "metadata": about,
        "features": features,
    }


def plan_groups_of(settings: PortalSettings) -> list[PlanGroup]:
    """The groups that members switch within."""
    groups = PlanGroup.objects.filter(settings_id=settings.pk, are_extras=False)
    return list(groups.prefetch_related("plans__price__product"))


def kept_configurations(settings: PortalSettings) -> dict[int, PortalConfiguration]:
    """What was pushed for plan groups before, by the group's key."""
    rows = PortalConfiguration.objects.on_account(settings.stripe_account).existing()
    found = {}
    for row in rows.filter(active=True).order_by("as_of", "pk"):
        about = row.metadata
        is_ours = about.items() >= _signature(settings).items()
        if is_ours and about.get("plan_group"):
            found[int(about["plan_group"])] = row
    return found


def _signature(settings: PortalSettings) -> dict[str, str]:
    """The metadata by which a site knows its configurations."""
    return {"managed_by": MANAGER, "site": str(settings.site_id)}


def _pushed(
    settings: PortalSettings, known: str, group: PlanGroup | None = None
) -> str:
    params = configuration_params(settings, group)
    if known and _is_updated(settings, known, params):
        return known
    return _made_once(settings, params, group)


def _served(settings: PortalSettings, id: str) -> Any:
    """What Stripe has under an id; nothing where it knows none."""
    try:
        with stripe_for(settings.stripe_account) as client:
            found = client.v1.billing_portal.configurations.retrieve(id)
    except UnknownStripeObject:
        return None
    return answer_of(found).data


def _is_updated(settings: PortalSettings, id: str, params: Params) -> bool:
    """Update a configuration; false when the account knows none of that id."""
    alias = settings.stripe_account
    try:
        with stripe_for(alias) as client:
            answer = answer_of(
                client.v1.billing_portal.configurations.update(
                    id, params, options(new_key())
                )
            )
    except UnknownStripeObject:
        # Deleted with its test data, or the site has another account than before.
        if stale := PortalConfiguration.objects.filter(pk=id).first():
            look_again(stale)
        return False
    let_in(answer, account=alias)
    return True


def _made_once(
    settings: PortalSettings, params: Params, group: PlanGroup | None
) -> str:
    """Make a configuration, one however many do so at the same moment."""
    purpose = f"portal:{settings.stripe_account}:{settings.pk}"
    if group:
        purpose += f":{group.pk}"
    while True:
        key, first = kept_request(purpose, params)
        with stripe_for(settings.stripe_account) as client:
            made = client.v1.billing_portal.configurations.create(
                _for_creation(first), options(key)
            )
        answer = answer_of(made)
        if first == params and not answer.is_replayed:
            let_in(answer, account=settings.stripe_account)
            return made.id
        # What was made earlier may be gone by now, or another one than is wanted.
        if _is_updated(settings, made.id, params):
            return made.id
        forget_request(purpose)


def _for_creation(params: Params) -> Params:
    """Without what empties a list: there is none yet."""
    features = dict(params["features"])
    update = dict(features["subscription_update"])
    if update["schedule_at_period_end"]["conditions"] == NOTHING:
        del update["schedule_at_period_end"]
    return {**params, "features": {**features, "subscription_update": update}}


def _digest(products: Any) -> str:
    """Names the products that were pushed: Stripe doesn't serve them unasked."""
    text = json.dumps(products, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _agrees(served: Any, wanted: Any) -> bool:
    """Whether Stripe serves what was sent; it serves much besides."""
    if isinstance(wanted, dict):
        has = served if isinstance(served, dict) else {}
        return all(
            _agrees(has.get(key), value)
            for key, value in wanted.items()
            if key != "products" or has.get(key) is not None
        )
    if isinstance(wanted, list):
        return _agree_in_number(served or [], wanted)
    return bool(served == wanted or not (served or wanted))


def _agree_in_number(served: list[Any], wanted: list[Any]) -> bool:
    if wanted and isinstance(wanted[0], dict):
        pairs = zip(served, wanted, strict=False)
        return len(served) == len(wanted) and all(_agrees(*it) for it in pairs)
    return sorted(served) == sorted(wanted)
