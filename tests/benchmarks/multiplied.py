"""A business's world many times over: the same objects again, under other ids."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from django.db.models import QuerySet

from wagtail_billing_portal.mirror.families import FAMILIES
from wagtail_billing_portal.sandbox import server
from wagtail_billing_portal.sandbox.models import StoredObject

from .living import lived

#: What a business has once, or nobody lists.
ONCE = ("event", "billing_portal.configuration", "entitlements.feature")
AT_ONCE = 2000


def main(events: str, objects: str) -> None:
    """Live for so many events, then repeat it until there are so many objects."""
    server.make_tables()
    for _act in lived(int(events)):
        pass
    own = _owned()
    templates = list(_templates(own))
    mirrored = own.filter(kind__in=FAMILIES).count()
    copies = max(int(objects) // mirrored - 1, 0)
    made = (template.copy(f"{n}x") for n in range(copies) for template in templates)
    StoredObject.objects.bulk_create(made, batch_size=AT_ONCE)


class Template:
    """One object, taken apart at every id in it that a copy has anew."""

    def __init__(self, row: StoredObject, ids: re.Pattern[str]) -> None:
        self.row = row
        self.pieces = ids.split(json.dumps(row.data))

    def copy(self, mark: str) -> StoredObject:
        """The same object, with ``mark`` at the end of each id."""
        pieces = list(self.pieces)
        pieces[1::2] = [f"{id}{mark}" for id in pieces[1::2]]
        row = self.row
        return StoredObject(
            account=row.account,
            kind=row.kind,
            object_id=row.object_id + mark,
            created=row.created,
            customer=row.customer and row.customer + mark,
            subscription=row.subscription and row.subscription + mark,
            invoice=row.invoice and row.invoice + mark,
            status=row.status,
            due_at=row.due_at,
            data=json.loads("".join(pieces)),
        )


def _owned() -> QuerySet[StoredObject]:
    found = StoredObject.objects.filter(deleted=False).exclude(kind__in=ONCE)
    return found.exclude(kind__startswith="_").order_by("seq")


def _templates(rows: QuerySet[StoredObject]) -> Iterator[Template]:
    shared = StoredObject.objects.filter(kind__in=ONCE).exclude(kind="event")
    kept = "|".join(shared.values_list("object_id", flat=True))
    # A coupon's id is like no other; items of a subscription have no row.
    short = sorted(rows.values_list("object_id", flat=True), key=len, reverse=True)
    known = "|".join(re.escape(id) for id in short)
    ids = re.compile(rf"\b(?!{kept})({known}|[a-z_]+_\w{{24}})(?![A-Za-z0-9])")
    for row in rows:
        yield Template(row, ids)
