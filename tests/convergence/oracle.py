"""Is every mirrored row as the sandbox has its object, and is there one for each?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import stripe

from wagtail_billing_portal.exceptions import UnknownStripeObject
from wagtail_billing_portal.gateway import answer_of, complete_lists
from wagtail_billing_portal.mirror.families import FAMILIES
from wagtail_billing_portal.mirror.family import Family, Json
from wagtail_billing_portal.mirror.snapshots import canonical, digest_of
from wagtail_billing_portal.models import EntitlementSummary, MirroredObject
from wagtail_billing_portal.sandbox.models import StoredObject
from wagtail_billing_portal.testing import StripeSide

#: Stripe tells of these only when something is entitled to them, or was paid.
UNTOLD = {
    "entitlements.feature": lambda data: False,
    "invoice_payment": lambda data: data["status"] == "paid",
}
ENTITLEMENT = "entitlements.active_entitlement"


def differences(stripe_side: StripeSide) -> list[str]:
    """All that is not as the sandbox has it, in words."""
    found: list[str] = []
    for family in FAMILIES.values():
        for row in family.model._default_manager.on_account(stripe_side.alias):
            found += [f"{row.pk} {what}" for what in _of_row(stripe_side, family, row)]
    return found + sorted(_missing(stripe_side))


def _of_row(
    stripe_side: StripeSide, family: Family, row: MirroredObject
) -> Iterator[str]:
    served = _served(stripe_side, family, row)
    if row.needs_refresh:
        yield "still waits for a refresh"
    elif row.deleted_at is not None or served is None:
        if served is not None:
            yield "is a tombstone, and Stripe has it"
        if row.deleted_at is None:
            yield "is gone at Stripe"
    else:
        yield from _of_content(family, row, served)


def _served(
    stripe_side: StripeSide, family: Family, row: MirroredObject
) -> Json | None:
    """What Stripe has, unless it has it no more."""
    try:
        answer = answer_of(family.retrieve(stripe_side.client, row.pk))
    except UnknownStripeObject:
        return None
    except stripe.InvalidRequestError as error:
        if error.code != "resource_missing":
            raise
        return None
    complete_lists(stripe_side.client, answer.data)
    return None if answer.data.get("deleted") else answer.data


def _of_content(family: Family, row: MirroredObject, served: Json) -> Iterator[str]:
    expected, _expanded = canonical(served, family)
    if digest_of(row.data) != digest_of(expected):
        names = {*expected, *row.data}
        unequal = [it for it in names if expected.get(it) != row.data.get(it)]
        yield f"({row.as_of}) differs in {sorted(unequal)}"
    asked = {key: served[key] for key in family.asked_for if key in served}
    if row.on_request != asked:
        yield f"differs in {sorted(asked)}"
    columns = family.columns(expected) | {
        f"{name}_id": id_in(expected) for name, id_in in family.references.items()
    }
    for name, value in columns.items():
        if getattr(row, name) != value:
            yield f"has {getattr(row, name)!r} as {name}, not {value!r}"
    if row.livemode:
        yield "is said to be live"
    if family.children is not None:
        yield from _of_children(family, row, expected)


def _of_children(family: Family, row: MirroredObject, expected: Json) -> Iterator[str]:
    children: Any = family.children
    [owner] = [
        field.name
        for field in children.model._meta.concrete_fields
        if field.related_model is family.model
    ]
    own = children.model._default_manager.filter(**{owner: row}).values()
    names = [field.attname for field in children.model._meta.concrete_fields]
    made = [children.row(row, it, n) for n, it in enumerate(children.entries(expected))]
    wanted = [{name: getattr(child, name) for name in names} for child in made]
    if sorted(own, key=str) != sorted(wanted, key=str):
        yield f"has the children {list(own)}, not {wanted}"


def _missing(stripe_side: StripeSide) -> Iterator[str]:
    stored = StoredObject.objects.filter(account=stripe_side.world.account)
    for name, family in FAMILIES.items():
        known = set(family.model._default_manager.values_list("pk", flat=True))
        is_told = UNTOLD.get(name, family.is_wanted)
        for it in stored.filter(kind=name, deleted=False).exclude(object_id__in=known):
            if is_told(it.data):
                yield f"{name} {it.object_id} is missing"
    entitled = {it.data["_sandbox"]["customer"] for it in _entitlements(stored)}
    summaries = EntitlementSummary.objects.filter(pk__in=entitled)
    for customer in entitled - set(summaries.values_list("pk", flat=True)):
        yield f"what {customer} is entitled to is missing"


def _entitlements(stored: Any) -> Any:
    return stored.filter(kind=ENTITLEMENT, deleted=False)
